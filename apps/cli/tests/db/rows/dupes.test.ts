import { expect, test } from 'vitest';
import { scratch } from './support.ts';

const EVENTS = [
  'CREATE TABLE events (id INTEGER PRIMARY KEY, app TEXT COLLATE NOCASE, hash BLOB, at TIMESTAMP)',
  `INSERT INTO events (app, hash, at) VALUES ('shop', x'01', '2026-03-21T02:00:00Z'), ('SHOP', x'01', '2026-03-21T01:00:00Z'),
    ('shop', x'01', NULL), ('shop', x'02', '2026-03-21'), ('mail', x'03', '2026-03-20'), ('mail', x'03', '2026-03-21'),
    (NULL, x'01', '2026-03-21'), (NULL, x'01', '2026-03-21')`,
];
const ON = ['--on', 'sqlite:scratch.db', '--quiet'];

test('counts rows, keys and rows too many as a unique index would see them, and shows the worst keys with what would stay', async () => {
  const { run } = await scratch(...EVENTS);
  const { code, stdout, stderr } = await run(['db', 'dupes', 'EVENTS', '--key', 'App,hash', ...ON, '--json']);
  expect({ code, ...JSON.parse(stdout) }).toEqual({
    ...{ code: 3, table: 'events', key: 'app, hash', rows: 8, distinct: 5, groups: 2, excess: 3, nulls: 'distinct' },
    kept: 'by at, then by the primary key',
    worst: [
      {
        rows: 3,
        key: { app: 'SHOP', hash: "x'01'" },
        sample: [
          { at: '2026-03-21T01:00:00Z', id: 2 },
          { at: '2026-03-21T02:00:00Z', id: 1 },
          { at: null, id: 3 }, // what has no time is not the earliest
        ],
      },
      {
        rows: 2,
        key: { app: 'mail', hash: "x'03'" },
        sample: [
          { at: '2026-03-20', id: 5 },
          { at: '2026-03-21', id: 6 },
        ],
      },
    ],
  });
  expect(stderr).toContain('3 rows too many in events: 2 keys (app, hash) of more than one row.');
});

test('shows as many keys as it is told, and ends with 0 where there are none', async () => {
  const { run } = await scratch(...EVENTS);
  const worst = await run([
    'db',
    'dupes',
    'events',
    '--key',
    'app,hash',
    '--limit',
    '1',
    ...ON,
    '--jq',
    '.worst | length',
  ]);
  expect(worst).toMatchObject({ code: 3, stdout: '1\n' });
  const none = await run([
    'db',
    'dupes',
    'events',
    '--key',
    'id',
    ...ON,
    '--jq',
    '[.rows, .distinct, .excess, .worst]',
  ]);
  expect(none).toMatchObject({ code: 0, stdout: '[8,8,0,[]]\n' });
});

test.each([
  [['nothing', '--key', 'app'], 'There is no table nothing in sqlite:'],
  [['even', '--key', 'app'], 'Did you mean events?'],
  [['events', '--key', 'appp'], 'events has no column appp. Did you mean app?'],
  [['events', '--key', 'app,App'], 'app is named twice.'],
  [['events', '--key', 'app', '--by', 'time'], 'events has no column time.'],
  [['shown', '--key', 'app'], 'shown is a view of sqlite:'],
  [['events', '--key', ','], 'It has to name a column.'],
])('says what is wrong with %j', async (args, message) => {
  const { run } = await scratch(...EVENTS, 'CREATE VIEW shown AS SELECT * FROM events');
  const { code, stdout, stderr } = await run(['db', 'dupes', ...args, ...ON]);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain(message);
});

test('statements are shown before they run, and nothing is written', async () => {
  const { run, file } = await scratch(...EVENTS);
  const { stderr } = await run(['db', 'dupes', 'events', '--key', 'app', '--on', `sqlite:${file}`]);
  expect(stderr).toContain('WHERE "app" IS NOT NULL\n  GROUP BY "app"');
  expect(stderr).not.toMatch(/INSERT|CREATE|DELETE|BEGIN/);
});

test('the command that it names works as it is printed: this database, the key, names in quotes', async () => {
  const { run, file } = await scratch(
    'CREATE TABLE "a.b \'c" (id INTEGER PRIMARY KEY, k)',
    `INSERT INTO "a.b 'c" (k) VALUES (1), (1)`,
  );
  const { stderr } = await run([
    'db',
    'dupes',
    `"a.b 'c"`,
    '--key',
    'k',
    '--by',
    'id',
    '--on',
    `sqlite:${file}`,
    '--quiet',
  ]);
  expect(stderr).toContain(
    `\`scorpiox db dedupe '"a.b '\\''c"' --key k --by id --on sqlite:${file}\` removes all but the earliest`,
  );
  const health = await run([
    'db',
    'health',
    '--key',
    `"a.b 'c":k`,
    '--on',
    `sqlite:${file}`,
    '--quiet',
    '--jq',
    '.findings[0].mend',
  ]);
  expect(health.stdout).toContain(`scorpiox db dedupe '[a.b '\\''c]' --key k --on sqlite:${file};`);
});
