/** What tells the rows of a table apart. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { shownName, type Table } from './table.ts';

export interface RowIdentity {
  /** Never NULL, and together another for each row. */
  readonly columns: readonly string[];
  /** `the primary key`. */
  readonly told: string;
  /**
   * SQLite's own number of a row, which is none of the table's columns. VACUUM may give rows other numbers: it is good for
   * as long as nobody does that.
   */
  readonly isHidden: boolean;
}

/** Undefined where rows may be equal in everything. */
export function rowIdentity(table: Table): RowIdentity | undefined {
  return table.dialect === 'sqlite' ? inSqlite(table) : onServer(table);
}

/**
 * In a rowid table a primary key may hold NULLs, and then more than once, unless it is an INTEGER PRIMARY KEY
 * (https://sqlite.org/rowidtable.html): so rows are told apart by the rowid, which that one is.
 */
function inSqlite(table: Table): RowIdentity | undefined {
  const { primaryKey, columns, hasRowid } = table;
  if (!hasRowid) return { columns: primaryKey, told: 'the primary key', isHidden: false };
  const [first = '', ...more] = primaryKey;
  const type = columns.find(({ name }) => name === first)?.type;
  if (more.length === 0 && type?.toUpperCase() === 'INTEGER') {
    return { columns: [first], told: 'the primary key', isHidden: false };
  }
  const free = ['rowid', '_rowid_', 'oid'].find((name) => columns.every((one) => one.name.toLowerCase() !== name));
  return free === undefined ? undefined : { columns: [free], told: 'the row number (rowid)', isHidden: true };
}

function onServer({ primaryKey, columns, indexes }: Table): RowIdentity | undefined {
  if (primaryKey.length > 0) return { columns: primaryKey, told: 'the primary key', isHidden: false };
  const isNeverNull = (name: string): boolean => columns.find((one) => one.name === name)?.nullable === false;
  const unique = indexes
    .filter(
      ({ isUnique, isDisabled, filter, columns: keys }) =>
        isUnique && !isDisabled && filter === undefined && keys.every(isNeverNull),
    )
    .sort((one, other) => one.columns.length - other.columns.length)[0];
  if (unique !== undefined)
    return { columns: unique.columns, told: `the unique index ${unique.name}`, isHidden: false };
  const numbered = columns.find(({ isIdentity }) => isIdentity);
  if (numbered === undefined) return undefined;
  return { columns: [numbered.name], told: `the identity column ${numbered.name}`, isHidden: false };
}

/** The same for those that cannot do without. */
export function needIdentity(table: Table): Result<RowIdentity, Failure> {
  const identity = rowIdentity(table);
  if (identity !== undefined) return ok(identity);
  const add =
    table.dialect === 'sqlserver'
      ? ' Give it a column that numbers them: ALTER TABLE … ADD row_number bigint IDENTITY(1,1) NOT NULL.'
      : " It has columns by the names of all three of SQLite's row numbers: rename one.";
  return err({ kind: 'refused', message: `Nothing tells the rows of ${shownName(table)} apart.${add}` });
}
