// How the tables of the insights database are read on a SQL Server, word for word. None of it has run on one yet.
import { INSIGHTS_TABLES } from '@scorpiox/shared/database/tables';
import { expect, test } from 'vitest';
import { dialectOf } from '../../src/ops/db/insights/dialect.ts';
import { countRows, nextWithin, selectRows, standsAfter, standsAt } from '../../src/ops/db/insights/read-texts.ts';

const server = dialectOf('sqlserver');

function tableOf(name: string) {
  const table = INSIGHTS_TABLES.find(({ sqlite }) => sqlite === name);
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return table;
}

test('statements for SQL Server', async () => {
  const series = { within: [1, new Uint8Array(16)], from: new Uint8Array(16), to: new Uint8Array([255]) };
  const buckets = { within: [1, 'request'], from: 1, to: 2 };
  const texts = {
    ...Object.fromEntries(
      INSIGHTS_TABLES.map((table) => [`rows of ${table.sqlite}`, selectRows(server, table, { within: [] })]),
    ),
    'rows of a range along bytes': selectRows(server, tableOf('metric_series'), series),
    'rows counted': countRows(server, tableOf('events'), { within: [1], from: 1 }),
    'rows counted whose text stands elsewhere': countRows(server, tableOf('rollup_buckets'), buckets),
    'where a range is cut': standsAt(server, tableOf('rollup_buckets'), buckets, 5_000),
    'where it is cut after equal places': standsAfter(server, tableOf('metric_series'), series, new Uint8Array([7])),
    'the first group': nextWithin(server, tableOf('metric_series'), [], undefined),
    'the next group': nextWithin(server, tableOf('metric_series'), [1], new Uint8Array([7])),
  };
  const file = Object.entries(texts).map(([name, { text }]) => `-- ${name}\n${text}\n`);
  await expect(file.join('\n')).toMatchFileSnapshot('sqlserver-insights.sql');
});
