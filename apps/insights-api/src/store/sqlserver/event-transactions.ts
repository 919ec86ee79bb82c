import { type Pause, type Run, type Sessions, SqlServerError, withRetries } from '@scorpiox/shared/database/sqlserver';
import {
  type Deduplication,
  IndexDoesNotSkip,
  type InsertMode,
  insertEvents,
  readDeduplication,
} from './insert-events.ts';
import { BulkFailed } from './insert-loaded.ts';
import type { PreparedEvent } from './prepare-batch.ts';

export interface WriterOptions {
  readonly sessions: Sessions;
  /** Told what an operator should know, as a sentence. */
  readonly warn: (message: string) => void;
  readonly pause?: Pause;
}

/** Thrown to undo a transaction that was only a question. */
class Undo extends Error {}

/** An event that the server refuses: its place in the batch, and what the server says. */
export interface Refusal {
  readonly submission: number;
  readonly index: number;
  readonly reason: string;
}

/** Transactions that insert events, again where that makes sense, in the form that the unique index demands. */
export class EventTransactions {
  readonly #options: WriterOptions;
  #deduplication: Deduplication | undefined;
  /** Whether the server takes bulk loads, as far as is known. */
  #bulk = true;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** How duplicates are kept out; undefined while that is not known. */
  get deduplication(): Deduplication | undefined {
    return this.#deduplication;
  }

  /** One transaction. Deadlocks and lost connections: the same again, a few times. What fails in bulk: without. */
  async run<T>(work: (run: Run, mode: InsertMode) => Promise<T>): Promise<T> {
    try {
      return await this.#inTheForm(work, this.#bulk);
    } catch (error) {
      if (!(error instanceof BulkFailed)) throw error;
      const done = await this.#inTheForm(work, false);
      // Only now it is known that it was the load: a full log, say, would have refused JSON too.
      if (!isAboutData(error.cause)) this.#useJson(error.message);
      return done;
    }
  }

  /** In the form that the unique index demands. */
  async #inTheForm<T>(work: (run: Run, mode: InsertMode) => Promise<T>, bulk: boolean): Promise<T> {
    const { sessions, pause } = this.#options;
    const attempt = () =>
      withRetries(async () => {
        try {
          return await sessions.transaction(async (run) =>
            work(run, { deduplication: await this.#howToDeduplicate(run), bulk }),
          );
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

  /** The events that the server refuses, found by halves in transactions that are undone. */
  async refusedAmong(events: readonly PreparedEvent[]): Promise<readonly Refusal[]> {
    const [first] = events;
    const reason = first === undefined ? undefined : await this.#whyNot(events);
    if (first === undefined || reason === undefined) return [];
    if (events.length === 1) return [{ submission: first.submission, index: first.index, reason }];
    const half = Math.ceil(events.length / 2);
    return [...(await this.refusedAmong(events.slice(0, half))), ...(await this.refusedAmong(events.slice(half)))];
  }

  /** After a failure: the index may have been changed meanwhile, so what the catalogue said is asked anew. */
  doubt(): void {
    if (this.#deduplication === 'index') this.#deduplication = undefined;
  }

  /** What the server says of these events; undefined when it would take them. */
  async #whyNot(events: readonly PreparedEvent[]): Promise<string | undefined> {
    try {
      await this.run(async (run, mode) => {
        await insertEvents(run, events, { ...mode, bulk: false });
        throw new Undo();
      });
      return undefined;
    } catch (error) {
      if (error instanceof Undo) return undefined;
      if (isAboutData(error)) return error.message;
      throw error;
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

  #useJson(reason: string): void {
    this.#bulk = false;
    this.#options.warn(`The SQL Server takes no bulk load (${reason}): events go as JSON, which costs it more.`);
  }

  #useStatement(reason: string): void {
    this.#deduplication = 'not-exists';
    this.#options.warn(
      `The unique index of dbo.scorpiox_event does not skip duplicates (${reason}): every insert looks first, which is slower. Make the index anew WITH (IGNORE_DUP_KEY = ON) and start again.`,
    );
  }
}

/** Whether an error speaks of a value, so that only the rows can be at fault. */
export const isAboutData = (error: unknown): error is SqlServerError =>
  error instanceof SqlServerError && error.kind === 'data';

/** Another process inserted a key between our look and our insert: the next attempt finds it there. */
function raceLost(error: unknown): unknown {
  const lost = error instanceof SqlServerError && error.kind === 'duplicate';
  return lost ? new SqlServerError('transient', error.message) : error;
}
