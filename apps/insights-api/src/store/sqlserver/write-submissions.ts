import { type Pause, type Run, type Sessions, SqlServerError, withRetries } from '@scorpiox/shared/database/sqlserver';
import { RollupAccumulator } from '../../rollup/accumulate.ts';
import { countSubmission } from '../count-submission.ts';
import { StoreUnavailable, type Submission, type SubmissionOutcome } from '../port.ts';
import { type Deduplication, IndexDoesNotSkip, insertEvents, readDeduplication } from './insert-events.ts';
import { isUnkeyable, type PreparedEvent, place, prepareBatch } from './prepare-batch.ts';
import { writeSums } from './sums.ts';

/*
 * Exactly once, on SQL Server
 *
 * Invariants: those of the embedded store: an event is there at most once; rollups and counters hold what went in; what
 * is answered as stored is committed.
 *
 * Hazards, beside a sender's retries: a deadlock with another process undoes everything so far. A connection that is
 * lost during the commit leaves it open whether the server committed. The index may lack IGNORE_DUP_KEY (rebuilt
 * without it, or on a server that ignores the option): then one duplicate refuses a whole statement. One value that the
 * server refuses sits among thousands of good ones.
 *
 * Rules:
 * 1. Events, rollups and counters go in by one transaction. What is rolled up are the rows that OUTPUT reported.
 * 2. Deadlocks and lost connections: the same transaction again, a few times, then 503. Where the lost one had been
 *    committed, its rows are duplicates now and add nothing to rollups; the counters say `received` and `duplicates` twice.
 * 3. The catalogue and the server's behaviour decide whether the index skips or the statement looks; what was found is
 *    said in the log and on /api/health.
 * 4. Only an error that speaks of a value (`data`) may cost an event: each submission is then tried alone, and its
 *    events are halved, in transactions that are undone, until those that the server refuses are found. Any other error
 *    fails the submission, and its sender retries.
 * 5. One transaction of this process at a time, on one session.
 */

export interface WriterOptions {
  readonly sessions: Sessions;
  /** Told what an operator should know, as a sentence. */
  readonly warn: (message: string) => void;
  readonly pause?: Pause;
}

/** Thrown to undo a transaction that was only a question. */
class Undo extends Error {}

const NONE: ReadonlySet<string> = new Set();

export class SubmissionWriter {
  readonly #options: WriterOptions;
  #deduplication: Deduplication | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** How duplicates are kept out; undefined while that is not known. */
  get deduplication(): Deduplication | undefined {
    return this.#deduplication;
  }

  /** One outcome each, in their order. Rejects never. */
  write(submissions: readonly Submission[]): Promise<readonly SubmissionOutcome[]> {
    const written = this.#last.then(() => this.#write(submissions));
    this.#last = written;
    return written;
  }

  /** Resolves when everything that was handed over has its outcome. */
  async drain(): Promise<void> {
    await this.#last;
  }

  async #write(submissions: readonly Submission[]): Promise<readonly SubmissionOutcome[]> {
    try {
      return await this.#commit(submissions, NONE);
    } catch (error) {
      if (!isAboutData(error)) return submissions.map(() => this.#failed(error));
    }
    const outcomes: SubmissionOutcome[] = [];
    for (const submission of submissions) outcomes.push(await this.#writeAlone(submission));
    return outcomes;
  }

  async #writeAlone(submission: Submission): Promise<SubmissionOutcome> {
    try {
      const refused = await this.#refusedAmong(prepareBatch([submission]));
      const [outcome] = await this.#commit([submission], new Set(refused));
      return outcome ?? this.#failed(new Error('the writer gave no outcome'));
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** The places of events that the server refuses, found by halves. */
  async #refusedAmong(events: readonly PreparedEvent[]): Promise<readonly string[]> {
    const [first] = events;
    if (first === undefined || (await this.#wouldTake(events))) return [];
    if (events.length === 1) return [place(first.submission, first.index)];
    const half = Math.ceil(events.length / 2);
    return [...(await this.#refusedAmong(events.slice(0, half))), ...(await this.#refusedAmong(events.slice(half)))];
  }

  async #wouldTake(events: readonly PreparedEvent[]): Promise<boolean> {
    try {
      await this.#transact(async (run, deduplication) => {
        await insertEvents(run, events, deduplication);
        throw new Undo();
      });
      return true;
    } catch (error) {
      if (error instanceof Undo) return true;
      if (isAboutData(error)) return false;
      throw error;
    }
  }

  #commit(submissions: readonly Submission[], refused: ReadonlySet<string>): Promise<readonly SubmissionOutcome[]> {
    const batch = prepareBatch(submissions, refused);
    return this.#transact(async (run, deduplication) => {
      const keys = await insertEvents(run, batch, deduplication);
      const stored = submissions.map(() => [] as number[]);
      for (const { key, submission, index } of batch) if (keys.has(key)) stored[submission]?.push(index);
      const rollups = new RollupAccumulator();
      const results = submissions.map((submission, number) => {
        const places = stored[number] ?? [];
        for (const index of places) {
          const item = submission.events[index];
          if (item !== undefined) rollups.add(submission.appId, item.event);
        }
        return toResult(submission, number, places, refused);
      });
      await writeSums(
        run,
        rollups,
        results.map(({ delta }) => delta),
      );
      return results.map(({ outcome }) => outcome);
    });
  }

  /** One transaction, again where that makes sense, in the form that the index demands. */
  async #transact<T>(work: (run: Run, deduplication: Deduplication) => Promise<T>): Promise<T> {
    const { sessions, pause } = this.#options;
    const attempt = () =>
      withRetries(async () => {
        try {
          return await sessions.transaction(async (run) => work(run, await this.#howToDeduplicate(run)));
        } catch (error) {
          throw raceLost(error);
        }
      }, pause);
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof IndexDoesNotSkip) || this.#deduplication === 'not-exists') throw error;
      this.#useStatement(error.message);
      return attempt();
    }
  }

  async #howToDeduplicate(run: Run): Promise<Deduplication> {
    if (this.#deduplication === undefined) {
      const found = await readDeduplication(run);
      if (found === 'not-exists') this.#useStatement('the catalogue says so');
      this.#deduplication = found;
    }
    return this.#deduplication;
  }

  #useStatement(reason: string): void {
    this.#deduplication = 'not-exists';
    this.#options.warn(
      `The unique index of dbo.scorpiox_event does not skip duplicates (${reason}): every insert looks first, which is slower. Make the index anew WITH (IGNORE_DUP_KEY = ON) and start again.`,
    );
  }

  #failed(error: unknown): SubmissionOutcome {
    // The index may have been changed meanwhile: what the catalogue said is asked anew.
    if (this.#deduplication === 'index') this.#deduplication = undefined;
    return { kind: 'failed', error: new StoreUnavailable(error instanceof Error ? error.message : String(error)) };
  }
}

const isAboutData = (error: unknown): boolean => error instanceof SqlServerError && error.kind === 'data';

/** Another process inserted a key between our look and our insert: the next attempt finds it there. */
function raceLost(error: unknown): unknown {
  const lost = error instanceof SqlServerError && error.kind === 'duplicate';
  return lost ? new SqlServerError('transient', error.message) : error;
}

function toResult(submission: Submission, number: number, stored: readonly number[], without: ReadonlySet<string>) {
  const { events } = submission;
  const refused = [...events.entries()].flatMap(([index, item]) =>
    isUnkeyable(item) || without.has(place(number, index)) ? [index] : [],
  );
  const ascending = stored.toSorted((a, b) => a - b);
  const delta = countSubmission(submission, ascending, refused.length);
  const { accepted, duplicates } = delta;
  const outcome: SubmissionOutcome = { kind: 'stored', accepted, duplicates, refused };
  return { delta, outcome };
}
