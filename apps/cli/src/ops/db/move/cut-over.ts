/** The end of a move: the source is closed, the last changes come over, the target may be used. The invariants are in move.ts. */
import type { Row, Run } from '@scorpiox/shared/database/console';
import { INSIGHTS_TABLES, type InsightsTable, MOVE_MARKS } from '@scorpiox/shared/database/tables';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Contents } from '../insights/contents.ts';
import { insertRows, removeRow } from '../insights/write-texts.ts';
import { close, endNotes, reopen, unmark } from './capture-texts.ts';
import { API_SEEN_MS, CLOSE_AT_CHANGES, PASSES_BEFORE_CLOSING } from './limits.ts';
import { noteOpen, setMark } from './mark-texts.ts';
import { inSourceOf, isOf } from './marks.ts';
import type { Move } from './move.ts';
import { whileLocked } from './while-locked.ts';

export interface CutOverOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Nothing can be written to the source any more. */
  readonly onClosed: () => void;
}

/** Ends the move. `isClosed`: another process closed the source and did not come to the end. */
export async function cutOver(move: Move, isClosed: boolean, { now, onClosed }: CutOverOptions): Promise<void> {
  const { source } = move;
  if (!isClosed) await approach(move);
  await closeSource(move, now());
  onClosed();
  try {
    while ((await move.catchUp()) > 0);
    await move.proveRest();
    await finishTarget(move);
  } catch (error) {
    await reopenSource(move).catch((reason: unknown) => {
      throw new LeftClosed(reason);
    });
    throw error;
  }
  await endSource(source, move.id);
}

/** Brings changes over until few are left, so that what is done while the source is closed takes seconds. */
async function approach(move: Move): Promise<void> {
  for (let pass = 1; pass <= PASSES_BEFORE_CLOSING; pass += 1) {
    if ((await move.catchUp()) <= CLOSE_AT_CHANGES) return;
  }
}

/**
 * One transaction: it waits for the writer that is at work, and whoever comes after it is refused. A source that another holder
 * has closed is closed anew, so that nobody but this one opens it again.
 */
const closeSource = ({ source, target, holder, id }: Move, at: number): Promise<void> =>
  whileLocked(() =>
    inSourceOf(source, id, async (run) => {
      const { dialect } = source;
      await run(setMark(dialect, 'source', { closed_at: at, closed_by: holder.number }));
      await all(run, [...reopen(dialect), ...close(dialect, target.name)]);
    }),
  );

/** A cut-over failed, and its source could not be opened again. `cause`: why. */
export class LeftClosed extends Error {
  constructor(cause: unknown) {
    super('', { cause });
  }
}

/** As it was before, unless another holder has closed it since and may be at its end, or the move was taken back; the notes go on. */
const reopenSource = ({ source, holder, id }: Move): Promise<void> =>
  whileLocked(() =>
    source.db.transaction(async (run) => {
      const { dialect } = source;
      if (!(await isOf(source, id, run))) return;
      const { affected } = await run(noteOpen(dialect, holder.number));
      if (affected === 1) await all(run, reopen(dialect));
    }),
  );

/** Lets programs open the target: the moment from which on it is in the source's place. */
const finishTarget = ({ holder, source, target }: Move): Promise<void> =>
  numbersFrom(source).then((numbers) =>
    holder.write({ phase: 'done' }, async (run) => {
      for (const { table, row, isThere } of numbers) {
        if (isThere) continue;
        await run(insertRows(target.dialect, table, [row]));
        await run(removeRow(target.dialect, table, row));
      }
      await run(unmark(target.dialect, MOVE_MARKS.filling));
    }),
  );

/** Nothing is noted any more; the source stays closed. */
export const endSource = (source: Contents, move: string): Promise<void> =>
  whileLocked(() => inSourceOf(source, move, (run) => all(run, endNotes(source.dialect))));

interface LastNumber {
  readonly table: InsightsTable;
  readonly row: Row;
  readonly isThere: boolean;
}

/**
 * Ends of calls are numbered by the database, and how far they are linked is kept by number: the target goes on after the last
 * one of the source, though its row may be gone by now. A row of that number is put in and taken out again.
 */
async function numbersFrom(source: Contents): Promise<readonly LastNumber[]> {
  const [ends, linked] = ['call_ends', 'call_ends_linked'].map((name) =>
    INSIGHTS_TABLES.find(({ sqlite }) => sqlite === name),
  );
  if (ends === undefined || linked === undefined) return [];
  const last = Math.max(0, ...(await source.rows(linked, { within: [] })).map(({ seq }) => Number(seq)));
  if (last === 0) return [];
  const there = await source.count(ends, { within: [], from: last });
  return [{ table: ends, row: { seq: last, stored_at: 0, ends: new Uint8Array() }, isThere: there > 0 }];
}

async function all(run: Run, statements: readonly { readonly text: string }[]): Promise<void> {
  for (const statement of statements) await run(statement);
}

const PROCESSES = {
  sqlite: 'SELECT name, seen_at FROM api_processes ORDER BY name',
  sqlserver: 'SELECT [name], seen_at FROM dbo.scorpiox_api_process ORDER BY [name];',
} as const;

/**
 * Events that an API has answered may wait in its spool for the SQL Server that is to be closed, and a spool is never shipped to
 * another database. So an API on a SQL Server is stopped before. One on SQLite keeps nothing back. Errors: `refused`.
 */
export async function noSpoolWaits({ db }: Contents, now: number): Promise<Result<void, Failure>> {
  if (db.kind === 'sqlite') return ok(undefined);
  const { sets } = await db.run({ text: PROCESSES[db.kind] });
  const there = (sets[0] ?? []).filter(({ seen_at: seen }) => Number(seen) > now - API_SEEN_MS);
  if (there.length === 0) return ok(undefined);
  const names = there.map(({ name }) => String(name)).join(', ');
  const message = `The API works on ${db.name} (${names}), and events may wait in its spool: stop it, and see that its spool folder has no .db file left. One that was killed is taken for running for ${API_SEEN_MS / 1000} seconds.`;
  return err({ kind: 'refused', message });
}
