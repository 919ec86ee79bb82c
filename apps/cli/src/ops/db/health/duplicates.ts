import { countDuplicates, type KeyCounts } from '../dupes/dupes.ts';
import { DatabaseFailed } from '../failure.ts';
import { keyColumns } from '../rows/key.ts';
import { readTable } from '../rows/read-table.ts';
import { shownName } from '../rows/table.ts';
import { removeDuplicates, tableName } from './mends.ts';
import { NotTold, type Probe } from './probe.ts';
import { found, less, type Told } from './report.ts';

/** Counting reads whole tables: only by keys that the operator named. */
export const duplicates: Probe = {
  section: 'duplicates',
  look: async ({ db, keys }) => {
    if (keys.length === 0) throw new NotTold('not counted: say by which key, --key TABLE:COLUMN,COLUMN');
    const counted: Counted[] = [];
    for (const { table: name, columns: named } of keys) {
      const table = await readTable(db, name);
      const key = keyColumns(table, named);
      if (!key.ok) throw new DatabaseFailed(key.error);
      const counts = await countDuplicates(db.run, { table, key: key.value });
      const [told, columns] = [shownName(table), key.value.join(',')];
      const word = tableName(...(table.schema === undefined ? [] : [table.schema]), table.name);
      counted.push({ table: told, key: columns, ...counts, mend: removeDuplicates(db.kind, word, columns) });
    }
    return tellDuplicates(counted);
  },
};

/** A type rather than an interface: only those are records of printable values. */
type Counted = KeyCounts & { readonly table: string; readonly key: string; readonly mend: string };

function tellDuplicates(counted: readonly Counted[]): Told {
  return {
    summary: counted.map(({ table, key, excess }) => `${excess.toLocaleString('en')} in ${table} by ${key}`).join(', '),
    rows: counted.map(({ mend: _, ...one }) => one),
    findings: counted
      .filter(({ excess }) => excess > 0)
      .map(({ table, key, rows, distinct, groups, excess, mend }) =>
        found(
          'fault',
          'duplicates',
          `${table}(${key})`,
          `${excess.toLocaleString('en')} rows of ${table} are there again, by ${key}.`,
          {
            evidence: `${rows.toLocaleString('en')} rows, ${distinct.toLocaleString('en')} keys, ${groups.toLocaleString('en')} of them more than once`,
            mend,
          },
        ),
      ),
    measures: counted.map(({ table, key, excess }) => less(`duplicates in ${table} by ${key}`, excess)),
  };
}
