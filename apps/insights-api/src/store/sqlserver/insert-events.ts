import { hex, number, type Run, SqlServerError, type Statement, takeLock } from '@scorpiox/shared/database/sqlserver';
import { BULK_ROWS, INSERT_CHARACTERS, INSERT_ROWS } from '../../limits.ts';
import { EVENT_COLUMNS } from './event-columns.ts';
import { BulkFailed, INSERT_LOADED, loadOf } from './insert-loaded.ts';
import { cutIntoRuns, keyOf, type PreparedEvent, toJson } from './prepare-batch.ts';

/**
 * What keeps an event from being there twice: the unique index, which skips a key that it holds (IGNORE_DUP_KEY), or,
 * where the index does not do that, the statement, which looks first (`not-exists`).
 */
export type Deduplication = 'index' | 'not-exists';

/** How a batch is inserted. */
export interface InsertMode {
  readonly deduplication: Deduplication;
  /** Whether many events may be loaded in bulk. */
  readonly bulk: boolean;
}

const names = ['app_id', 'hash', 'received_at', ...EVENT_COLUMNS.map(([name]) => name)];
const list = (prefix = '') => names.map((name) => `${prefix}[${name}]`).join(', ');
const values = names.map((name) => (name === 'hash' ? 'CONVERT(binary(16), j.[hash], 2)' : `j.[${name}]`)).join(', ');
const typed = [
  ['app_id', 'int'],
  ['hash', 'varchar(32)'],
  ['received_at', 'bigint'],
  ...EVENT_COLUMNS.map(([name, type]) => [name, type] as const),
].map(([name, type]) => `    [${name}] ${type} '$.${name}'`);

const insertJson = (condition: string) => `
SET NOCOUNT ON;
DECLARE @stored TABLE (app_id int NOT NULL, [time] bigint NOT NULL, [hash] binary(16) NOT NULL);
DECLARE @inserted int;
INSERT INTO dbo.scorpiox_event (${list()})
OUTPUT inserted.app_id, inserted.[time], inserted.[hash] INTO @stored (app_id, [time], [hash])
SELECT ${values}
FROM OPENJSON(@events) WITH (
${typed.join(',\n')}
) AS j${condition};
SET @inserted = @@ROWCOUNT;
SELECT app_id, [time], [hash] FROM @stored;
SELECT @inserted AS inserted;`;

/** Keys that are there are skipped by the index; OUTPUT and @@ROWCOUNT leave them out. */
export const INSERT_SKIPPING = insertJson('\nORDER BY j.app_id, j.[time], j.[hash]');

/** The same for an index that would refuse the whole statement for one key. Under the lock `scorpiox_write` only. */
export const INSERT_LOOKING = insertJson(`
WHERE NOT EXISTS (
  SELECT 1 FROM dbo.scorpiox_event AS e
  WHERE e.app_id = j.app_id AND e.[time] = j.[time] AND e.[hash] = CONVERT(binary(16), j.[hash], 2)
)
ORDER BY j.app_id, j.[time], j.[hash]`);

/** Asks by the columns, not by the index's name, which some servers change. */
export const READ_DEDUPLICATION = `
SELECT COUNT(*) AS skipping FROM sys.indexes
WHERE object_id = OBJECT_ID(N'dbo.scorpiox_event') AND is_unique = 1 AND ignore_dup_key = 1 AND is_disabled = 0;`;

/** What the catalogue says about the index. */
export async function readDeduplication(run: Run): Promise<Deduplication> {
  const [rows] = await run({ text: READ_DEDUPLICATION });
  return rows?.[0] !== undefined && number(rows[0], 'skipping') > 0 ? 'index' : 'not-exists';
}

/** A key was there although the index was to skip it: the catalogue is wrong, or has changed. */
export class IndexDoesNotSkip extends Error {}

/** Inserts a prepared batch inside a transaction; gives the keys of the rows that really went in. */
export async function insertEvents(
  run: Run,
  batch: readonly PreparedEvent[],
  { deduplication, bulk }: InsertMode,
): Promise<ReadonlySet<string>> {
  if (batch.length === 0) return new Set();
  if (deduplication === 'not-exists') await takeLock(run, 'scorpiox_write');
  if (bulk && batch.length >= BULK_ROWS) return new Set(await insertLoaded(run, batch, deduplication));
  const stored = new Set<string>();
  const text = deduplication === 'index' ? INSERT_SKIPPING : INSERT_LOOKING;
  const texts = batch.map(({ row }) => toJson(row));
  for (const part of cutIntoRuns(texts, { rows: INSERT_ROWS, characters: INSERT_CHARACTERS })) {
    const json = `[${part.join(',')}]`;
    const statement: Statement = { text, parameters: { events: ['nvarchar(max)', json] } };
    for (const key of await insert(run, statement, deduplication)) stored.add(key);
  }
  return stored;
}

/** What is wrong with a bulk load may be no more than that it is one: it is told apart. */
async function insertLoaded(
  run: Run,
  batch: readonly PreparedEvent[],
  deduplication: Deduplication,
): Promise<readonly string[]> {
  const load = loadOf(batch);
  const parameters = { rows: ['int', batch.length] } as const;
  try {
    return await insert(run, { text: INSERT_LOADED[deduplication], parameters, load }, deduplication);
  } catch (error) {
    const refused = error instanceof SqlServerError && (error.kind === 'data' || error.kind === 'unavailable');
    throw refused ? new BulkFailed(error) : error;
  }
}

async function insert(run: Run, statement: Statement, deduplication: Deduplication): Promise<readonly string[]> {
  try {
    const [rows = [], counts] = await run(statement);
    const inserted = counts?.[0] === undefined ? Number.NaN : number(counts[0], 'inserted');
    // Rollups are made from these rows, so a server that reports other rows than it inserted must not go on unnoticed.
    if (inserted !== rows.length) throw new IndexDoesNotSkip('OUTPUT and row count disagree');
    return rows.map((row) => keyOf(number(row, 'app_id'), number(row, 'time'), hex(row, 'hash')));
  } catch (error) {
    const duplicate = error instanceof SqlServerError && error.kind === 'duplicate';
    throw duplicate && deduplication === 'index' ? new IndexDoesNotSkip(error.message) : error;
  }
}
