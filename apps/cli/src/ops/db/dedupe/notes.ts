/** What is noted of removals, in the database itself: `scorpiox_dedupes`, one in each schema that has any. */
import { ConsoleError, type Run, type Statement } from '@scorpiox/shared/database/console';
import { number, text } from '../dialect/rows.ts';
import { first } from '../rows/cells.ts';
import { place, type TableName } from '../rows/table.ts';
import { NOTES, type Removal } from './removal.ts';
import { textsOf } from './texts.ts';

/** `none` where nothing is noted. */
export type RemovalState = 'none' | 'removing' | 'whole' | 'returning';

export interface Note {
  readonly id: number;
  readonly archive: string;
  readonly state: Exclude<RemovalState, 'none'>;
}

const notes = (table: TableName): string => place(table, NOTES);

/** A key in a note. */
const keyText = (key: readonly string[]): string => JSON.stringify(key);

/** What is noted of a removal. */
export async function stateOf(run: Run, table: TableName, id: number): Promise<RemovalState> {
  const select = `SELECT id, archive, ${stateColumn(table)} AS "state" FROM ${notes(table)} WHERE id = @id`;
  return (await oneNote(run, { text: select, parameters: { id } }))?.state ?? 'none';
}

/** The removal from a table by a key that has not come to its end. */
export function findOpen(run: Run, table: TableName, key: readonly string[]): Promise<Note | undefined> {
  return oneNote(run, {
    text: `SELECT id, archive, ${stateColumn(table)} AS "state" FROM ${notes(table)}
WHERE table_name = @table_name AND key_columns = @key_columns AND ${stateColumn(table)} <> 'whole'
ORDER BY id`,
    parameters: { table_name: table.name, key_columns: keyText(key) },
  });
}

/** The number of the next removal. */
export async function nextId(run: Run, table: TableName): Promise<number> {
  const found = await unlessAbsent(() =>
    first(run, { text: `SELECT COALESCE(MAX(id), 0) AS "last" FROM ${notes(table)}` }),
  );
  return found === undefined ? 1 : number(found, 'last') + 1;
}

/** A removal begins. */
export async function noteBegin(run: Run, removal: Removal): Promise<void> {
  const { table, id, archive, key } = removal;
  await run(textsOf(table).makeNotes(notes(table)));
  await run({
    text: `INSERT INTO ${notes(table)} (id, table_name, key_columns, archive, ${stateColumn(table)})
VALUES (@id, @table_name, @key_columns, @archive, 'removing')`,
    parameters: { id, table_name: table.name, key_columns: keyText(key), archive },
  });
}

export async function noteState(run: Run, { table, id }: Removal, state: Note['state']): Promise<void> {
  const update = `UPDATE ${notes(table)} SET ${stateColumn(table)} = @to_state WHERE id = @id`;
  await run({ text: update, parameters: { to_state: state, id } });
}

/** As if it had never been. */
export async function noteNothing(run: Run, { table, id }: Removal): Promise<void> {
  await run({ text: `DELETE FROM ${notes(table)} WHERE id = @id`, parameters: { id } });
}

const stateColumn = ({ dialect }: TableName): string => (dialect === 'sqlserver' ? '[state]' : 'state');

async function oneNote(run: Run, statement: Statement): Promise<Note | undefined> {
  const row = await unlessAbsent(() => first(run, statement));
  if (row === undefined) return undefined;
  const state = text(row, 'state');
  if (state !== 'removing' && state !== 'whole' && state !== 'returning') {
    throw new TypeError(
      `${NOTES} has the state ${JSON.stringify(state)}, which this version of the program does not know.`,
    );
  }
  return { id: number(row, 'id'), archive: text(row, 'archive'), state };
}

/** Undefined where there is no such table. Not within a transaction: SQL Server ends it with the error. */
async function unlessAbsent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'no-such-object') return undefined;
    throw error;
  }
}
