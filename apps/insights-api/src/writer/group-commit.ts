import { COMMIT_EVENTS, QUEUE_BYTES, QUEUE_EVENTS } from '../limits.ts';
import type { Store, Submission, SubmissionOutcome } from '../store/port.ts';

/*
 * Group commit
 *
 * A durable commit costs a flush of the disk whatever is in it. While one is under way, requests queue up here; when it
 * is done, all that have come share the next. So the rate grows with the load instead of the queue.
 *
 * Invariants: one write is under way at most; submissions of one application are written in the order they came; every
 * submission gets exactly one outcome, and gets it after its commit. The queue is bounded by events and bytes: beyond that
 * the sender is told to come back, which costs less than remembering for it.
 *
 * Applications take turns, a submission each: one that sends more than all others together makes its own answers late, and
 * the others wait for a commit or two, not for all that stands before them.
 */

/** What one submission weighs in the queue. */
export interface Cost {
  readonly events: number;
  readonly bytes: number;
}

export interface QueueState {
  readonly submissions: number;
  readonly events: number;
  readonly bytes: number;
  /** Submissions turned away because the queue was full, since the start. */
  readonly turnedAway: number;
  /** Submissions the store could not take, since the start. */
  readonly failed: number;
  /** Whether the last submission was one of those. */
  readonly failing: boolean;
}

interface Waiting {
  readonly submission: Submission;
  readonly cost: Cost;
  readonly done: (outcome: SubmissionOutcome) => void;
}

export interface QueueLimits {
  readonly events: number;
  readonly bytes: number;
}

export class GroupCommit {
  readonly #store: Pick<Store, 'write'>;
  readonly #limits: QueueLimits;
  /** By application; the one whose turn it is comes first. */
  readonly #queues = new Map<number, Waiting[]>();
  #held = { submissions: 0, events: 0, bytes: 0 };
  #turnedAway = 0;
  #failed = 0;
  #failing = false;
  #writing: Promise<void> | undefined;

  constructor(store: Pick<Store, 'write'>, limits: QueueLimits = { events: QUEUE_EVENTS, bytes: QUEUE_BYTES }) {
    this.#store = store;
    this.#limits = limits;
  }

  /**
   * Queues submissions (one request's, one per application), all or none: `undefined` when they do not fit now.
   * Otherwise their outcomes in order, each after its commit.
   */
  submit(submissions: readonly (readonly [Submission, Cost])[]): Promise<readonly SubmissionOutcome[]> | undefined {
    const events = submissions.reduce((sum, [, cost]) => sum + cost.events, 0);
    const bytes = submissions.reduce((sum, [, cost]) => sum + cost.bytes, 0);
    if (!this.#fits(events, bytes)) {
      this.#turnedAway += submissions.length;
      return undefined;
    }
    this.#held.events += events;
    this.#held.bytes += bytes;
    const outcomes = submissions.map(
      ([submission, cost]) => new Promise<SubmissionOutcome>((done) => this.#enqueue({ submission, cost, done })),
    );
    this.#writing ??= this.#writeAll();
    return Promise.all(outcomes);
  }

  state(): QueueState {
    return {
      ...this.#held,
      turnedAway: this.#turnedAway,
      failed: this.#failed,
      failing: this.#failing,
    };
  }

  /** Resolves when everything that was queued has its outcome. */
  async drain(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** An empty queue takes anything, or a submission above the bound could never be written. */
  #fits(events: number, bytes: number): boolean {
    if (this.#held.events === 0 && this.#held.bytes === 0) return true;
    return this.#held.events + events <= this.#limits.events && this.#held.bytes + bytes <= this.#limits.bytes;
  }

  async #writeAll(): Promise<void> {
    // What is submitted in the same turn of the event loop shares the first commit.
    await Promise.resolve();
    while (this.#queues.size > 0) {
      const group = this.#takeGroup();
      const outcomes = await this.#store.write(group.map(({ submission }) => submission));
      for (const [index, { cost, done }] of group.entries()) {
        this.#held.events -= cost.events;
        this.#held.bytes -= cost.bytes;
        const outcome = outcomes[index];
        if (outcome === undefined) throw new Error('the store answered fewer submissions than it was given');
        this.#failing = outcome.kind === 'failed';
        if (this.#failing) this.#failed += 1;
        done(outcome);
      }
    }
    this.#writing = undefined;
  }

  #enqueue(waiting: Waiting): void {
    this.#held.submissions += 1;
    const queue = this.#queues.get(waiting.submission.appId);
    if (queue === undefined) this.#queues.set(waiting.submission.appId, [waiting]);
    else queue.push(waiting);
  }

  /** As many as fit into one transaction, at least one, of each application in turn. */
  #takeGroup(): readonly Waiting[] {
    const group: Waiting[] = [];
    let events = 0;
    for (;;) {
      const [turn] = this.#queues;
      const next = turn?.[1][0];
      if (turn === undefined || next === undefined) return group;
      events += next.cost.events;
      if (group.length > 0 && events > COMMIT_EVENTS) return group;
      group.push(next);
      this.#held.submissions -= 1;
      this.#endTurn(...turn);
    }
  }

  #endTurn(appId: number, queue: Waiting[]): void {
    queue.shift();
    // Setting it anew moves it behind the others.
    this.#queues.delete(appId);
    if (queue.length > 0) this.#queues.set(appId, queue);
  }
}
