import { StoreUnavailable, type Submission, type SubmissionOutcome } from '../port.ts';
import { EventTransactions, isAboutData, type WriterOptions } from './event-transactions.ts';
import type { Deduplication } from './insert-events.ts';
import { place, prepareBatch } from './prepare-batch.ts';
import { storeSubmissions } from './store-submissions.ts';

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
 * 2. Deadlocks and lost connections: the same transaction again, a few times, then the failure is told. Where the lost one
 *    had been committed, its rows are duplicates now and add nothing to rollups; the counters say `received` and
 *    `duplicates` twice. What comes from the spool is not counted twice even then (ship-parcels.ts).
 * 3. The catalogue and the server's behaviour decide whether the index skips or the statement looks; what was found is
 *    said in the log and on /api/health.
 * 4. Only an error that speaks of a value (`data`) may cost an event: each submission is then tried alone, and its
 *    events are halved, in transactions that are undone, until those that the server refuses are found. Any other error
 *    fails the submission.
 * 5. One transaction of this process at a time, on one session.
 */

const NONE: ReadonlySet<string> = new Set();

export class SubmissionWriter {
  readonly #transactions: EventTransactions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: WriterOptions) {
    this.#transactions = new EventTransactions(options);
  }

  /** How duplicates are kept out; undefined while that is not known. */
  get deduplication(): Deduplication | undefined {
    return this.#transactions.deduplication;
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
      const refused = await this.#transactions.refusedAmong(prepareBatch([submission]));
      const places = new Set(refused.map(({ submission: number, index }) => place(number, index)));
      const [outcome] = await this.#commit([submission], places);
      return outcome ?? this.#failed(new Error('the writer gave no outcome'));
    } catch (error) {
      return this.#failed(error);
    }
  }

  #commit(submissions: readonly Submission[], refused: ReadonlySet<string>): Promise<readonly SubmissionOutcome[]> {
    return this.#transactions.run((run, mode) => storeSubmissions(run, mode, submissions, refused));
  }

  #failed(error: unknown): SubmissionOutcome {
    this.#transactions.doubt();
    return { kind: 'failed', error: new StoreUnavailable(error instanceof Error ? error.message : String(error)) };
  }
}
