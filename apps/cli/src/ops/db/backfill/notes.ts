/** What is noted of backfills, in the database itself: `scorpiox_backfills`. Times are the database's own. */
import { ConsoleError, type Row, type Run, type Statement } from '@scorpiox/shared/database/console';
import { list, number, optionalText, text } from '../dialect/rows.ts';
import type { Dialect } from '../rows/names.ts';
import type { KeyText } from './fill.ts';
import { textsOf } from './texts.ts';

/** `running` as long as nobody has said otherwise, whether a process is at it or not. */
export type BackfillState = 'running' | 'paused' | 'cancelled' | 'done';

export interface BackfillNote {
  readonly id: number;
  /** As it stands in a statement. */
  readonly table: string;
  readonly column: string;
  readonly expression: string;
  readonly state: BackfillState;
  readonly last: KeyText | undefined;
  readonly done: number;
  /** Rows when it was begun. */
  readonly total: number;
  readonly batches: number;
  /** What it has taken, waiting included, milliseconds. */
  readonly workedMs: number;
  readonly waits: number;
  /** What it waits for now. */
  readonly waitsFor: string | undefined;
  readonly worker: string | undefined;
  readonly begunAt: number;
  /** When its worker was last heard of, and what time it is now: milliseconds since 1970. */
  readonly seenAt: number;
  readonly now: number;
}

/** What is wrong where somebody says an id. */
const STATES: ReadonlySet<string> = new Set(['running', 'paused', 'cancelled', 'done']);

export class BackfillNotes {
  readonly #run: Run;
  readonly #name: string;
  readonly #now: string;
  readonly #make: Statement;

  /** `run` is of a console, or of one of its transactions. */
  constructor(dialect: Dialect, run: Run) {
    const { notes, now, makeNotes } = textsOf({ dialect });
    this.#run = run;
    this.#name = notes;
    this.#now = now;
    this.#make = makeNotes;
  }

  /** All of them, in their order; none where there never was one. Not within a transaction. */
  async all(): Promise<readonly BackfillNote[]> {
    try {
      return (await list({ run: this.#run }, this.#select('ORDER BY id'))).map(toNote);
    } catch (error) {
      if (error instanceof ConsoleError && error.code === 'no-such-object') return [];
      throw error;
    }
  }

  async find(id: number): Promise<BackfillNote | undefined> {
    return (await this.all()).find((note) => note.id === id);
  }

  async begin(note: Pick<BackfillNote, 'id' | 'table' | 'column' | 'expression' | 'total'>): Promise<void> {
    await this.#run(this.#make);
    await this.#run({
      text: `INSERT INTO ${this.#name} (id, table_name, column_name, expression, "state", done_rows, total_rows, batches, worked_ms, waits, begun_at, seen_at)
VALUES (@id, @table_name, @column_name, @expression, 'running', 0, @total, 0, 0, 0, ${this.#now}, ${this.#now})`,
      parameters: {
        ...{ id: note.id, table_name: note.table, column_name: note.column },
        ...{ expression: note.expression, total: note.total },
      },
    });
  }

  /** Makes this process its worker, in the place of the one that is named (none: empty). False where that is not so any more. */
  claim(id: number, worker: string, from: string): Promise<boolean> {
    return this.#changed({
      text: `UPDATE ${this.#name} SET worker = @worker, "state" = 'running', waits_for = NULL, seen_at = ${this.#now}
WHERE id = @id AND "state" IN ('running', 'paused') AND COALESCE(worker, '') = @from_worker`,
      parameters: { id, worker, from_worker: from },
    });
  }

  /** Still its worker, and it runs. Within a batch's transaction nobody changes that before its end. */
  keep(id: number, worker: string): Promise<boolean> {
    return this.#changed({
      text: `UPDATE ${this.#name} SET seen_at = ${this.#now} WHERE id = @id AND worker = @worker AND "state" = 'running'`,
      parameters: { id, worker },
    });
  }

  /** A batch is done; in its transaction. */
  advance(id: number, { last, rows, ms }: { readonly last: KeyText; readonly rows: number; readonly ms: number }) {
    return this.#changed({
      text: `UPDATE ${this.#name} SET last_key = @last_key, done_rows = done_rows + @rows, batches = batches + 1,
  worked_ms = worked_ms + @ms, waits_for = NULL
WHERE id = @id`,
      parameters: { id, last_key: last, rows: BigInt(rows), ms: BigInt(Math.round(ms)) },
    });
  }

  /** It is there, and waits. */
  wait(id: number, worker: string, reason: string): Promise<boolean> {
    return this.#changed({
      text: `UPDATE ${this.#name} SET waits = waits + 1, waits_for = @reason, seen_at = ${this.#now} WHERE id = @id AND worker = @worker`,
      parameters: { id, worker, reason },
    });
  }

  /** It is there, and paused. */
  stay(id: number, worker: string): Promise<boolean> {
    return this.#changed({
      text: `UPDATE ${this.#name} SET seen_at = ${this.#now} WHERE id = @id AND worker = @worker`,
      parameters: { id, worker },
    });
  }

  /** Nobody is at it any more; `done` where it came to its end. */
  leave(id: number, worker: string, state?: 'done'): Promise<boolean> {
    const set = state === undefined ? '' : `, "state" = 'done'`;
    return this.#changed({
      text: `UPDATE ${this.#name} SET worker = NULL, waits_for = NULL${set} WHERE id = @id AND worker = @worker`,
      parameters: { id, worker },
    });
  }

  /** What somebody at another terminal wants. False where it is in none of these states. */
  turn(id: number, to: BackfillState, from: readonly BackfillState[]): Promise<boolean> {
    return this.#changed({
      text: `UPDATE ${this.#name} SET "state" = @to_state WHERE id = @id AND "state" IN (${from.map((one) => `'${one}'`).join(', ')})`,
      parameters: { id, to_state: to },
    });
  }

  /** As if it had never been. */
  remove(id: number): Promise<boolean> {
    return this.#changed({ text: `DELETE FROM ${this.#name} WHERE id = @id`, parameters: { id } });
  }

  async #changed(statement: Statement): Promise<boolean> {
    return (await this.#run(statement)).affected === 1;
  }

  #select(rest: string): Statement {
    return {
      text: `SELECT id, table_name, column_name, expression, "state", last_key, done_rows, total_rows, batches, worked_ms, waits,
  waits_for, worker, begun_at, seen_at, ${this.#now} AS now_at
FROM ${this.#name}
${rest}`,
    };
  }
}

function toNote(row: Row): BackfillNote {
  const state = text(row, 'state');
  if (!isState(state)) {
    throw new TypeError(`scorpiox_backfills has the state ${JSON.stringify(state)}, which this version does not know.`);
  }
  return {
    ...{ id: number(row, 'id'), table: text(row, 'table_name'), column: text(row, 'column_name') },
    ...{ expression: text(row, 'expression'), state, last: optionalText(row, 'last_key') },
    ...{ done: number(row, 'done_rows'), total: number(row, 'total_rows'), batches: number(row, 'batches') },
    ...{ workedMs: number(row, 'worked_ms'), waits: number(row, 'waits'), waitsFor: optionalText(row, 'waits_for') },
    ...{ worker: optionalText(row, 'worker'), begunAt: number(row, 'begun_at') },
    ...{ seenAt: number(row, 'seen_at'), now: number(row, 'now_at') },
  };
}

const isState = (text: string): text is BackfillState => STATES.has(text);
