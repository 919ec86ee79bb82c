import type { Load, SqlServerError } from '@scorpiox/shared/database/sqlserver';
import { INSERT_ROWS } from '../../limits.ts';
import { EVENT_COLUMNS, loadedType } from './event-columns.ts';
import { type PreparedEvent, toCells } from './prepare-batch.ts';

/*
 * Many events at once: a bulk load
 *
 * The server takes the rows as they are instead of parsing them out of JSON. They come into a table of the session, from
 * which they go into the table of events as all others do: so what keeps duplicates out, and what is rolled up, is the
 * same. The table lives from its making to the end of the statement, or of a transaction that is undone.
 *
 * A server may refuse a bulk load for what has nothing to do with the rows (a permission, a type that it maps otherwise).
 * So nothing is ever concluded from such a failure: the same batch goes again as JSON, and only what is refused then counts.
 */

/** A bulk load that the server refused; the cause is what it said. */
export class BulkFailed extends Error {
  override readonly cause: SqlServerError;

  constructor(cause: SqlServerError) {
    super(cause.message);
    this.cause = cause;
  }
}

const COLUMNS: Load['columns'] = [
  { name: 'n', type: 'int', nullable: false },
  { name: 'app_id', type: 'int', nullable: false },
  { name: 'hash', type: 'varbinary(16)', nullable: false },
  { name: 'received_at', type: 'bigint', nullable: false },
  ...EVENT_COLUMNS.map(([name, type]) => ({ name, type: loadedType(type), nullable: true })),
];
const names = COLUMNS.slice(1).map(({ name }) => `[${name}]`);

/** `n`: the place in the batch, which is sorted as the index is. */
export const CREATE_BATCH = `
CREATE TABLE #scorpiox_batch (
${COLUMNS.map(({ name, type, nullable }) => `  [${name}] ${type} ${nullable ? 'NULL' : 'NOT NULL'}`).join(',\n')},
  PRIMARY KEY ([n])
);`;

/** In slices, so that none comes to as many locks as make a server lock the whole table. */
const insert = (condition: string) => `
SET NOCOUNT ON;
DECLARE @stored TABLE (app_id int NOT NULL, [time] bigint NOT NULL, [hash] binary(16) NOT NULL);
DECLARE @inserted int = 0;
DECLARE @from int = 0;
WHILE @from < @rows
BEGIN
  INSERT INTO dbo.scorpiox_event (${names.join(', ')})
  OUTPUT inserted.app_id, inserted.[time], inserted.[hash] INTO @stored (app_id, [time], [hash])
  SELECT ${names.map((name) => `b.${name}`).join(', ')}
  FROM #scorpiox_batch AS b
  WHERE b.[n] >= @from AND b.[n] < @from + ${INSERT_ROWS}${condition}
  ORDER BY b.[n];
  SET @inserted = @inserted + @@ROWCOUNT;
  SET @from = @from + ${INSERT_ROWS};
END;
DROP TABLE #scorpiox_batch;
SELECT app_id, [time], [hash] FROM @stored;
SELECT @inserted AS inserted;`;

/** As `INSERT_SKIPPING` and `INSERT_LOOKING`, from the rows that were loaded. @rows: how many. */
export const INSERT_LOADED = {
  index: insert(''),
  'not-exists': insert(` AND NOT EXISTS (
    SELECT 1 FROM dbo.scorpiox_event AS e
    WHERE e.app_id = b.app_id AND e.[time] = b.[time] AND e.[hash] = b.[hash]
  )`),
} as const;

export const loadOf = (batch: readonly PreparedEvent[]): Load => ({
  create: CREATE_BATCH,
  table: '#scorpiox_batch',
  columns: COLUMNS,
  rows: batch.map(({ row }, n) => [n, ...toCells(row)]),
});
