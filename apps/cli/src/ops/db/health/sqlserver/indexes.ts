import type { Row } from '@scorpiox/shared/database/console';
import { quoteName } from '../../catalog/names.ts';
import { flag, number, optionalNumber, optionalText, text } from '../../dialect/rows.ts';
import { KEYLESS_ROWS, UNUSED_INDEX_UPDATES } from '../limits.ts';
import { isOurs, makeUnique, tableName } from '../mends.ts';
import { type Probe, rowsOf } from '../probe.ts';
import { type Found, found, less, type Told } from '../report.ts';
import { INDEXES, MISSING_INDEXES } from './statements.ts';

export const indexes: Probe = {
  section: 'indexes',
  look: async ({ db }) => tellIndexes(await rowsOf(db, { text: INDEXES })),
};

export const missingIndexes: Probe = {
  section: 'missing indexes',
  look: async ({ db }) => tellMissing(await rowsOf(db, { text: MISSING_INDEXES })),
};

interface Index {
  readonly table: string;
  /** As a statement takes it. */
  readonly quoted: string;
  readonly index: string;
  readonly key: string;
  readonly isUnique: boolean;
  /** The option IGNORE_DUP_KEY: a duplicate is skipped and not an error. */
  readonly ignoresDuplicates: boolean;
  readonly isPrimaryKey: boolean;
  readonly isDisabled: boolean;
  readonly rows: number;
  readonly reads: number;
  readonly updates: number;
}

/** A table without a clustered index is a row without a name. */
const HEAP = '';

export function tellIndexes(all: readonly Row[]): Told {
  const read = all.map(toIndex);
  const unique = read.filter(({ isUnique }) => isUnique);
  const tables = Map.groupBy(read, ({ table }) => table);
  const keyless = [...tables].filter(([, own]) => !own.some(({ isUnique, isDisabled }) => isUnique && !isDisabled));
  return {
    summary: `${tables.size} table${tables.size === 1 ? '' : 's'}, ${unique.length} unique indexes, ${unique.filter(({ ignoresDuplicates }) => ignoresDuplicates).length} of them with IGNORE_DUP_KEY`,
    facts: { tables: tables.size, uniqueIndexes: unique.length, withoutUniqueIndex: keyless.length },
    rows: read.filter(({ index }) => index !== HEAP).map(({ quoted: _, ...index }) => index),
    findings: [...keyless.flatMap(([table, own]) => noKey(table, own)), ...read.flatMap(ofIndex)],
    measures: [less('tables without a unique index', keyless.length)],
  };
}

function toIndex(row: Row): Index {
  const reads = ['user_seeks', 'user_scans', 'user_lookups'].map((column) => optionalNumber(row, column) ?? 0);
  return {
    table: tableName(text(row, 'schema_name'), text(row, 'table_name')),
    quoted: [text(row, 'schema_name'), text(row, 'table_name')].map((name) => quoteName('sqlserver', name)).join('.'),
    index: optionalText(row, 'index_name') ?? HEAP,
    key: optionalText(row, 'key_columns') ?? '',
    isUnique: flag(row, 'is_unique'),
    ignoresDuplicates: flag(row, 'ignore_dup_key'),
    isPrimaryKey: flag(row, 'is_primary_key'),
    isDisabled: flag(row, 'is_disabled'),
    rows: optionalNumber(row, 'row_count') ?? 0,
    reads: reads.reduce((sum, n) => sum + n, 0),
    updates: optionalNumber(row, 'user_updates') ?? 0,
  };
}

function noKey(table: string, own: readonly Index[]): readonly Found[] {
  const rows = Math.max(...own.map((index) => index.rows));
  if (rows < KEYLESS_ROWS || isOurs(table)) return [];
  return [
    found(
      'warning',
      'no-unique-index',
      table,
      `${table} has no unique index: nothing keeps a row from being there twice.`,
      {
        evidence: `${rows.toLocaleString('en')} rows, ${own.filter(({ index }) => index !== HEAP).length} indexes`,
        mend: makeUnique('sqlserver', table),
      },
    ),
  ];
}

function ofIndex(one: Index): readonly Found[] {
  const { table, quoted, index, isUnique, isPrimaryKey, ignoresDuplicates, isDisabled, reads, updates, key, rows } =
    one;
  if (index === HEAP) return [];
  const subject = `${table}.${index}`;
  const evidence = `key ${key}; read ${reads.toLocaleString('en')} times and changed ${updates.toLocaleString('en')} times since the server was started`;
  if (isDisabled) {
    const message = `The index ${index} of ${table} is disabled: it is not used, and a unique one keeps nothing out.`;
    return [
      found('warning', 'index-disabled', subject, message, {
        evidence,
        mend: `ALTER INDEX ${quoteName('sqlserver', index)} ON ${quoted} REBUILD;`,
      }),
    ];
  }
  if (isUnique && !isPrimaryKey && !ignoresDuplicates) {
    const message = `The unique index ${index} of ${table} refuses a duplicate with an error (2601), and with it all rows of its statement.`;
    return [
      found('note', 'unique-refuses', subject, message, { evidence: `${evidence}; ${rows.toLocaleString('en')} rows` }),
    ];
  }
  if (!isUnique && reads === 0 && updates >= UNUSED_INDEX_UPDATES) {
    const message = `Nobody reads the index ${index} of ${table}, and each change of the table has to follow in it.`;
    return [
      found('note', 'index-unused', subject, message, {
        evidence,
        mend: `DROP INDEX ${quoteName('sqlserver', index)} ON ${quoted};`,
      }),
    ];
  }
  return [];
}

export function tellMissing(all: readonly Row[]): Told {
  const rows = all.map((row) => ({
    table: text(row, 'table_name').split('.').slice(1).join('.').replace(/[[\]]/g, ''),
    equal: plain(optionalText(row, 'equality_columns')),
    ranges: plain(optionalText(row, 'inequality_columns')),
    included: plain(optionalText(row, 'included_columns')),
    uses: number(row, 'uses'),
    impactPercent: Math.round(number(row, 'impact_percent')),
  }));
  return {
    summary: rows.length === 0 ? 'none that the server missed' : `${rows.length} that the server would have used`,
    facts: { missing: rows.length },
    rows,
    findings: rows.map(({ table, equal, ranges, included, uses, impactPercent }) => {
      const key = [equal, ranges].filter((names) => names !== '').join(', ');
      return found(
        'note',
        'missing-index',
        `${table}(${key})`,
        `The server would have used an index on ${table} (${key})${included === '' ? '' : `, with ${included}`}.`,
        {
          evidence: `${uses.toLocaleString('en')} times, ${impactPercent} % less cost by its own guess`,
          mend: 'Look at the statements first: the server never suggests that an index be unique.',
        },
      );
    }),
  };
}

const plain = (names = ''): string => names.replace(/[[\]]/g, '');
