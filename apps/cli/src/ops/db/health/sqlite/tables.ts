import type { Console, Row } from '@scorpiox/shared/database/console';
import { generatedExpressions } from '../../catalog/generated.ts';
import { quoteName } from '../../catalog/names.ts';
import { flag, number, optionalNumber, optionalText, text } from '../../dialect/rows.ts';
import { type ComputedColumn, tellComputed } from '../computed.ts';
import { KEYLESS_ROWS } from '../limits.ts';
import { isOurs, makeUnique, tableName } from '../mends.ts';
import { type Probe, rowsOf } from '../probe.ts';
import { found, less, type Told } from '../report.ts';
import { GENERATED, INDEXES, TABLES } from './statements.ts';

export const indexes: Probe = {
  section: 'indexes',
  look: async ({ db }) => {
    const tables = await rowsOf(db, { text: TABLES });
    const keyless = tables.filter((row) => number(row, 'keys') === 0).map((row) => text(row, 'name'));
    const sized = [];
    for (const table of keyless) sized.push({ table, rows: await highestRow(db, table) });
    return tellIndexes(tables.length, sized, await rowsOf(db, { text: INDEXES }));
  },
};

export const computed: Probe = {
  section: 'computed columns',
  look: async ({ db }) => {
    const columns: ComputedColumn[] = [];
    for (const row of await rowsOf(db, { text: GENERATED })) columns.push(await toColumn(db, row));
    return tellComputed(columns);
  },
};

/** At most so many rows: the highest number of one. Counting would read all of them. */
async function highestRow(db: Console, table: string): Promise<number> {
  const [row] = await rowsOf(db, { text: `SELECT max(rowid) AS n FROM ${quoteName('sqlite', table)}` });
  return row === undefined ? 0 : (optionalNumber(row, 'n') ?? 0);
}

const KEPT = 3;

async function toColumn(db: Console, row: Row): Promise<ComputedColumn> {
  const [table, column] = [text(row, 'table_name'), text(row, 'column_name')];
  return {
    table: tableName(table),
    column,
    type: text(row, 'type'),
    definition: generatedExpressions(text(row, 'sql')).get(column.toLowerCase()) ?? '',
    isPersisted: number(row, 'hidden') === KEPT,
    rows: await highestRow(db, table).catch(() => 0), // a table without row ids has no numbers
  };
}

function tellIndexes(
  tables: number,
  keyless: readonly { readonly table: string; readonly rows: number }[],
  all: readonly Row[],
): Told {
  const rows = all.map((row) => ({
    table: text(row, 'table_name'),
    index: text(row, 'index_name'),
    key: optionalText(row, 'key') ?? '',
    isUnique: flag(row, 'is_unique'),
    isPartial: flag(row, 'partial'),
  }));
  const bare = keyless.filter(({ table, rows: n }) => n >= KEYLESS_ROWS && !isOurs(table));
  return {
    summary: `${tables} table${tables === 1 ? '' : 's'} of numbered rows, ${keyless.length} without a key; which indexes are used SQLite does not count`,
    facts: { tables, withoutUniqueIndex: keyless.length },
    rows,
    findings: [
      ...bare.map(({ table, rows: n }) =>
        found(
          'warning',
          'no-unique-index',
          table,
          `${table} has no unique index: nothing keeps a row from being there twice.`,
          {
            evidence: `at most ${n.toLocaleString('en')} rows`,
            mend: makeUnique('sqlite', tableName(table)),
          },
        ),
      ),
      ...redundant(rows),
    ],
    measures: [less('tables without a unique index', keyless.length)],
  };
}

interface Listed {
  readonly table: string;
  readonly index: string;
  readonly key: string;
  readonly isUnique: boolean;
  readonly isPartial: boolean;
}

/** Indexes whose key another one of the table begins with: that one finds all that they find. */
function redundant(all: readonly Listed[]) {
  const whole = all.filter(({ isPartial, key }) => !isPartial && !key.includes('(expression)'));
  return whole.flatMap((one) => {
    const better = whole.find(
      (other) =>
        other.table === one.table &&
        other.index !== one.index &&
        (other.key.startsWith(`${one.key}, `) ||
          (other.key === one.key && (other.isUnique || other.index < one.index))),
    );
    if (one.isUnique || better === undefined) return [];
    const message = `The index ${one.index} of ${one.table} finds nothing that ${better.index} does not find.`;
    return [
      found('note', 'index-redundant', `${one.table}.${one.index}`, message, {
        evidence: `${one.index} (${one.key}), ${better.index} (${better.key})`,
        mend: `DROP INDEX ${quoteName('sqlite', one.index)}`,
      }),
    ];
  });
}
