/** `db dedupe` on SQLite. A transaction has the database's write lock: nothing changes between its statements. */
import type { Statement } from '@scorpiox/shared/database/console';
import { columnList, place } from '../rows/table.ts';
import { type DedupeTexts, doomedRows, numbered, type Removal, type Span, stillDoomed } from './removal.ts';

const list = (names: readonly string[], alias?: string): string => columnList('sqlite', names, alias);

const allColumns = ({ table }: Removal): readonly string[] => table.columns.map(({ name }) => name);

/** What can be given a value. */
const givenColumns = ({ table }: Removal): readonly string[] =>
  table.columns.filter(({ isComputed }) => !isComputed).map(({ name }) => name);

/** Columns without a type keep every value exactly as it is, whatever it is (https://sqlite.org/datatype3.html §3). */
const makeArchive = (removal: Removal): readonly Statement[] => [
  {
    text: `CREATE TABLE ${place(removal.table, removal.archive)} (
  scorpiox_n INTEGER PRIMARY KEY,
  scorpiox_at TEXT NOT NULL,
  scorpiox_rowid INTEGER,
  ${list(allColumns(removal))}
)`,
  },
];

function makeDoomed(removal: Removal): readonly Statement[] {
  const name = place(removal.table, removal.doomed);
  const columns = [...numbered('i', removal), ...numbered('k', removal)].join(', ');
  return [
    { text: `CREATE TABLE ${name} (n INTEGER PRIMARY KEY, ${columns})` },
    {
      text: `INSERT INTO ${name} (${columns})
SELECT ${columns} FROM (
  ${doomedRows(removal)}
)
WHERE place > 1
ORDER BY ${numbered('i', removal).join(', ')}`,
    },
  ];
}

function remove(removal: Removal, { above, upTo }: Span): readonly Statement[] {
  const { table, identity } = removal;
  const own = list(identity.columns, 'x');
  const rowid = table.hasRowid ? list(identity.columns, 'x') : 'NULL';
  return [
    {
      text: `INSERT INTO ${place(table, removal.archive)} (scorpiox_at, scorpiox_rowid, ${list(allColumns(removal))})
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ${rowid}, ${list(allColumns(removal), 'x')}
${stillDoomed(removal)}
ORDER BY d.n`,
      parameters: { above, upTo },
    },
    {
      text: `DELETE FROM ${place(table)}
WHERE (${list(identity.columns)}) IN (
  SELECT ${own}
  ${stillDoomed(removal).replaceAll('\n', '\n  ')}
)`,
      parameters: { above, upTo },
    },
  ];
}

/**
 * A row number that is no column of the table comes back too, unless another row has got it since. Then the row gets a new
 * one, after all others of the statement have theirs: to nobody but SQLite it was a name.
 */
function putBack(removal: Removal, { above, upTo }: Span): readonly Statement[] {
  const { table, identity } = removal;
  const [columns, archive] = [list(givenColumns(removal)), place(table, removal.archive)];
  const [number, parameters] = [list(identity.columns), { above, upTo }];
  const taken = `scorpiox_rowid IN (SELECT ${number} FROM ${place(table)})`;
  const hidden = identity.isHidden
    ? { into: `${number}, `, select: `CASE WHEN ${taken} THEN NULL ELSE scorpiox_rowid END, `, order: `${taken}, ` }
    : { into: '', select: '', order: '' };
  const some = 'WHERE scorpiox_n > @above AND scorpiox_n <= @upTo';
  return [
    {
      text: `INSERT INTO ${place(table)} (${hidden.into}${columns})
SELECT ${hidden.select}${columns}
FROM ${archive}
${some}
ORDER BY ${hidden.order}scorpiox_n`,
      parameters,
    },
    { text: `DELETE FROM ${archive}\n${some}`, parameters },
  ];
}

export const TEXTS: DedupeTexts = {
  makeNotes: (notes) => ({
    text: `CREATE TABLE IF NOT EXISTS ${notes} (
  id INTEGER PRIMARY KEY,
  table_name TEXT NOT NULL,
  key_columns TEXT NOT NULL,
  archive TEXT NOT NULL,
  state TEXT NOT NULL,
  begun_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)`,
  }),
  makeArchive,
  makeDoomed,
  remove,
  putBack,
  dropTable: (table) => ({ text: `DROP TABLE IF EXISTS ${table}` }),
};
