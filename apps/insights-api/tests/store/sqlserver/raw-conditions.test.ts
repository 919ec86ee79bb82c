import { makePredicate, parseQuery } from '@scorpiox/shared/query-language';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IdentifiedEvent } from '../../../src/store/port.ts';
import { failureCondition, toCondition } from '../../../src/store/raw/predicate.ts';
import { SqlServerDialect } from '../../../src/store/sqlserver/raw/dialect.ts';
import * as statements from '../../../src/store/sqlserver/raw/statements.ts';
import { identified, submission } from '../../helpers/events.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { randomEvents, randomQueries } from '../../helpers/random-events.ts';
import { openRawDatabase } from '../../helpers/raw-database.ts';
import { RAW_QUERIES } from '../raw-queries.ts';

function conditionOf(typed: string) {
  const parsed = parseQuery(typed);
  if (!parsed.ok) throw new Error(`${typed}: ${parsed.error.message}`);
  const dialect = new SqlServerDialect();
  const text = toCondition(parsed.value.query, dialect);
  return { text, parameters: dialect.parameters, holds: makePredicate(parsed.value.query) };
}

// What a server gets to see changes only on purpose: docs/sql-server.md says which texts have run where.
test('the statements of raw questions are these, and none of them holds a text of the asker', async () => {
  const { READ_END, COUNT_SLICE, FIND_EVENT, READ_OPERATION, readPage, tallySlice, countMatches, readValues } =
    statements;
  const texts = {
    ...{ READ_END: READ_END.newest, COUNT_SLICE: COUNT_SLICE.newest, FIND_EVENT, READ_OPERATION },
    ...{ 'READ_END, oldest first': READ_END.oldest, 'COUNT_SLICE, oldest first': COUNT_SLICE.oldest },
    'read page, oldest first': readPage('oldest', 'CONDITION', false),
    'read page': readPage('newest', 'CONDITION', false),
    'read page whole': readPage('newest', 'CONDITION', true),
    tally: tallySlice('newest', 'CONDITION', failureCondition(new SqlServerDialect())),
    'count matches': countMatches('newest', 'CONDITION'),
    'values of a column': readValues('newest', { field: 'status' }, 'CONDITION', 'IS KEY'),
    'keys of a map': readValues('newest', { field: 'properties' }, 'CONDITION', 'IS KEY'),
    'values of a key': readValues('newest', { field: 'measurements', key: 'items' }, 'CONDITION', 'IS KEY'),
    ...Object.fromEntries(
      RAW_QUERIES.map((typed) => {
        const { text, parameters } = conditionOf(typed);
        return [typed, `${text}\n-- ${JSON.stringify(parameters)}`];
      }),
    ),
  };
  const all = Object.entries(texts).map(([name, text]) => `-- ${name}\n${text.trim()}\n`);
  await expect(all.join('\n')).toMatchFileSnapshot('raw-statements.sql');
});

/** T-SQL's LIKE under a binary collation: `%`, `_`, and sets in brackets. */
function like(text: unknown, pattern: unknown): number | null {
  if (text === null) return null;
  const source = String(pattern).replace(/\[\^?[^\]]*\]|[%_]|[^[]/g, (part) => {
    if (part === '%') return '[^]*';
    if (part === '_') return '[^]';
    if (part.length === 1) return part.replace(/[\\^$.*+?()|{}\]]/g, '\\$&');
    return part === '[[]' ? '\\[' : part;
  });
  return Number(new RegExp(`^${source}$`).test(String(text)));
}

/** The same condition for SQLite, with functions of T-SQL's meaning in the place of what SQLite lacks. */
const translate = (condition: string): string =>
  condition
    .replace(/(\S+) COLLATE Latin1_General_100_BIN2 (NOT )?LIKE (@q\d+|'[^']*')/g, '$2tsql_like($1, $3)')
    .replace(/TRY_CAST\((\S+) AS int\)/g, 'tsql_number($1)')
    .replace(/TRY_CAST\((\S+) AS float\)/g, 'tsql_number($1)')
    .replace(/LEN\((\S+)\)/g, "length(rtrim($1, ' '))")
    .replace(/OPENJSON\((\S+)\) AS j/g, '(SELECT key, CAST(atom AS TEXT) AS value FROM json_each($1)) AS j');

test('the conditions say what queries say in memory, as far as T-SQL means what this test takes it for', async () => {
  const { db, store, apps, close } = await openRawDatabase(temporaryFolder(), ['shop']);
  db.function('tsql_like', { deterministic: true }, like);
  db.function('tsql_number', { deterministic: true }, (text) =>
    text === null || String(text).trim() === '' || Number.isNaN(Number(text)) ? null : Number(text),
  );
  const events = (fc.sample(fc.array(randomEvents, { minLength: 150, maxLength: 150 }), 1)[0] ?? []).map(identified);
  // One that bears the identity of another is not stored.
  const keyOf = ({ event: { timeMs, timeUs = 0 }, hash }: IdentifiedEvent) =>
    `${timeMs * 1000 + timeUs} ${Buffer.from(hash).toString('hex')}`;
  const byKey = new Map(events.map((event) => [keyOf(event), event] as const).toReversed());
  await store.write([submission(apps.get('shop') ?? 0, events)]);
  fc.assert(
    fc.property(randomQueries, (typed) => {
      const { text, parameters, holds } = conditionOf(typed);
      const values = Object.fromEntries(Object.entries(parameters).map(([name, [, value]]) => [name, value]));
      const found = db
        .prepare(`SELECT time || ' ' || lower(hex(hash)) AS key FROM events AS e WHERE ${translate(text)}`)
        .all(values);
      const expected = [...byKey].filter(([, { event }]) => holds({ ...event, app: 'shop' })).map(([key]) => key);
      expect(found.map(({ key }) => key).toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 100 },
  );
  close();
});
