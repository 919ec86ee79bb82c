import { ConsoleError } from '@scorpiox/shared/database/console';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { healthPage } from '../../src/commands/db/health-page.ts';
import { CODES } from '../../src/ops/db/health/codes.ts';
import { compare } from '../../src/ops/db/health/compare.ts';
import { examine } from '../../src/ops/db/health/examine.ts';
import { EXPLANATIONS } from '../../src/ops/db/health/explanations.ts';
import { tellGrowth } from '../../src/ops/db/health/growth.ts';
import { readLookFirst } from '../../src/ops/db/health/look-first.ts';
import { commandsIn, db, makeUnique, tableName } from '../../src/ops/db/health/mends.ts';
import type { Report, Told } from '../../src/ops/db/health/report.ts';
import { tellServer } from '../../src/ops/db/health/sqlserver/edition.ts';
import { tellFiles, tellLog } from '../../src/ops/db/health/sqlserver/files.ts';
import { tellIndexes, tellMissing } from '../../src/ops/db/health/sqlserver/indexes.ts';
import { tellMemory } from '../../src/ops/db/health/sqlserver/memory.ts';
import { tellUse } from '../../src/ops/db/health/sqlserver/processor.ts';
import { tellSettings } from '../../src/ops/db/health/sqlserver/settings.ts';
import * as statements from '../../src/ops/db/health/sqlserver/statements.ts';
import { tellWaits } from '../../src/ops/db/health/sqlserver/waits.ts';
import { type Answers, fakeServer } from './fake-server.ts';
import { night } from './night.ts';

async function look(answers: Answers): Promise<Report> {
  const db = fakeServer(answers);
  const report = await examine({ db, keys: [], deep: false, pause: async () => {}, now: 1_774_100_000_000 });
  if (report === undefined) throw new Error('it was stopped');
  return report;
}

const plain = (_: unknown, text: string) => text;

test("the journal's night: every cause is found, with its numbers and the command that mends it", async () => {
  const report = await look(night());
  expect(report.sections.filter(({ reason }) => reason !== null).map(({ section }) => section)).toEqual(['duplicates']);
  expect(report.findings.map(({ level, id }) => `${level} ${id}`)).toEqual([
    'fault blocking:57',
    'fault insert-looks-first:Requests',
    'warning tasks-waiting',
    'warning memory-unlimited',
    'warning maxdop-unlimited',
    'warning many-sessions',
    'warning idle-transaction:57',
    'warning waits-locks',
    'warning waits-processor',
    'warning scan:0x1111111111111111',
    'warning no-unique-index:dbo.Requests',
    'warning computed-column:dbo.Requests.DurationMs',
    'warning no-row-versions',
    'warning log-filling',
    'warning full-soon',
    'note cost-threshold-low',
    'note growth-by-percent:insights',
  ]);
  const byId = new Map(report.findings.map((finding) => [finding.id, finding]));
  expect(byId.get('insert-looks-first:Requests')).toMatchObject({
    section: 'inserts',
    evidence: '1,200,000 runs, 52,003 pages read for each',
    mend: 'scorpiox db dupes Requests --key AppId,RequestId; scorpiox db unique Requests --key AppId,RequestId --ignore-dup-key',
  });
  expect(byId.get('memory-unlimited')?.evidence).toContain('= 5,120 MB');
  expect(byId.get('blocking:57')).toMatchObject({
    message: '80 sessions wait for session 57 of app-3.',
    mend: 'scorpiox db blocking; scorpiox db kill 57',
  });
  expect(byId.get('computed-column:dbo.Requests.DurationMs')?.mend).toBe(
    'scorpiox db decompute dbo.Requests.DurationMs --type int',
  );
  await expect(`${healthPage(report, undefined, plain).join('\n')}\n`).toMatchFileSnapshot('health-night.txt');
});

test('what a server does not tell is said, section by section, and the rest goes on', async () => {
  const missing = new ConsoleError('no-such-object', "Invalid object name 'sys.dm_os_wait_stats'.", 208);
  const forbidden = new ConsoleError(
    'not-permitted',
    "VIEW SERVER STATE permission was denied on object 'server', database 'master'.",
    300,
  );
  const slow = new ConsoleError('lost', 'Timeout: Request failed to complete in 30000ms');
  const report = await look([
    ['sys.dm_os_wait_stats', missing],
    ['sys.dm_os_ring_buffers', forbidden],
    ['XMLNAMESPACES', slow],
    ['sys.dm_os_sys_info', [{ cpu_count: null }]],
    ...night(),
  ]);
  const reasons = Object.fromEntries(report.sections.map(({ section, reason }) => [section, reason]));
  expect(reasons.waits).toBe("not available on this server: Invalid object name 'sys.dm_os_wait_stats'");
  expect(reasons.processor).toContain('not available on this server: VIEW SERVER STATE permission was denied');
  expect(reasons.statements).toContain('not answered in time');
  expect(reasons['memory and cores']).toContain('not understood: the server answers otherwise (cpu_count is NULL)');
  expect(reasons.blocking).toBeNull();
  expect(report.findings.map(({ id }) => id)).toContain('blocking:57');
  expect(healthPage(report, undefined, plain).join('\n')).toContain('waits             not available on this server');
});

test('a server that is gone in the middle ends it', async () => {
  const gone = new ConsoleError('unavailable', 'Failed to connect');
  await expect(look([['sys.dm_os_wait_stats', gone], ...night()])).rejects.toBe(gone);
});

test('a stop ends it after the section that is being looked at', async () => {
  const stop = AbortSignal.abort();
  const db = fakeServer([]);
  expect(await examine({ db, keys: [], deep: false, pause: async () => {}, now: 0, stop })).toBeUndefined();
});

test('processor time is told of a core and of the host', () => {
  expect(tellUse(47, 4)).toBe('47 % of the host = 1.88 of 4 cores (188 % of one)');
  expect(tellUse(100, 1)).toBe('100 % of the host = 1.00 of 1 core (100 % of one)');
});

test('waits are what was waited between two looks, without those of idle tasks', () => {
  const at = (at_ms: number) => (wait_type: string, waited_ms: number) => ({ wait_type, waited_ms, at_ms });
  const [then, now] = [at(50_000), at(52_000)];
  const told = tellWaits(
    [then('LCK_M_RS_U', 100), then('PAGEIOLATCH_SH', 5_000)],
    [now('LCK_M_RS_U', 10_100), now('PAGEIOLATCH_SH', 1_000), now('XE_TIMER_EVENT', 99_000), now('CXPACKET', 4_000)],
  );
  expect(told.rows).toEqual([
    { waitType: 'LCK_M_RS_U', waitedMs: 10_000, tasks: 5 },
    { waitType: 'CXPACKET', waitedMs: 4_000, tasks: 2 },
    { waitType: 'PAGEIOLATCH_SH', waitedMs: 1_000, tasks: 0.5 }, // the server was started between the looks
  ]);
  expect(told.findings?.map(({ code }) => code)).toEqual(['waits-locks', 'waits-parallel']);
});

test.each([
  [
    "IF NOT EXISTS (SELECT 1 FROM X WHERE a = @a AND [b c] = @b AND t.d='x') INSERT INTO X (a) VALUES (@a)",
    { table: 'X', key: ['a', 'b c', 'd'] },
  ],
  [
    "if not exists(select * from [dbo].[My Table] with (updlock) where Id = N'7')\nbegin\n insert [dbo].[My Table](Id) values (7)\nend",
    { table: 'dbo.[My Table]', key: ['Id'] },
  ],
  [
    'INSERT INTO dbo.X (a) SELECT @a WHERE NOT EXISTS (SELECT 1 FROM X WHERE a = @a AND len(b) = 3)',
    { table: 'dbo.X', key: ['a'] },
  ],
  ['IF NOT EXISTS (SELECT 1 FROM X WHERE a = y.b) INSERT INTO X VALUES (1)', { table: 'X', key: [] }],
  ['IF NOT EXISTS (SELECT 1 FROM Locks WHERE a = 1) INSERT INTO Rows VALUES (1)', undefined],
  ['SELECT 1', undefined],
])('%s', (batch, read) => {
  expect(readLookFirst(batch)).toEqual(read);
});

test('names out of a database are one word of a command, whatever is in them', () => {
  const mend = makeUnique('sqlserver', tableName('dbo', "x; rm -rf 'y'.z"), 'a');
  expect(mend).toBe(
    "scorpiox db dupes 'dbo.[x; rm -rf '\\''y'\\''.z]' --key a; scorpiox db unique 'dbo.[x; rm -rf '\\''y'\\''.z]' --key a --ignore-dup-key",
  );
  expect(commandsIn(mend)).toHaveLength(2);
  expect(commandsIn('ALTER TABLE x; and more')).toHaveLength(1);
});

const codes = ({ findings = [] }: Told) => findings.map(({ level, id }) => `${level} ${id}`);

test('indexes: disabled, never read, and those that refuse a duplicate', () => {
  const index = {
    ...{
      schema_name: 'dbo',
      table_name: 'T',
      index_id: 2,
      is_unique: 0,
      ignore_dup_key: 0,
      is_primary_key: 0,
      is_disabled: 0,
    },
    ...{ has_filter: 0, row_count: 5, used_bytes: 1, user_seeks: 0, user_scans: 0, user_lookups: 0, user_updates: 0 },
    key_columns: 'a, b',
  };
  const told = tellIndexes([
    { ...index, index_name: 'PK', is_unique: 1, is_primary_key: 1 },
    { ...index, index_name: 'UX', is_unique: 1 },
    { ...index, index_name: 'UX_skips', is_unique: 1, ignore_dup_key: 1 },
    { ...index, index_name: 'IX ]off', is_disabled: 1 },
    { ...index, index_name: 'IX_unread', user_updates: 20_000 },
    { ...index, index_name: 'IX_read', user_updates: 20_000, user_scans: 1 },
    { ...index, table_name: 'Small', index_id: 0, index_name: null, key_columns: null, row_count: 10 },
    {
      ...index,
      table_name: 'Unused',
      index_name: 'IX_never',
      user_seeks: null,
      user_scans: null,
      user_lookups: null,
      user_updates: null,
    },
    // What `db dedupe` keeps.
    { ...index, table_name: 'T_duplicates_3', index_id: 0, index_name: null, key_columns: null, row_count: 9_000 },
  ]);
  expect(codes(told)).toEqual([
    'note unique-refuses:dbo.T.UX',
    'warning index-disabled:dbo.T.IX ]off',
    'note index-unused:dbo.T.IX_unread',
  ]);
  expect(told.findings?.[1]?.mend).toBe('ALTER INDEX [IX ]]off] ON [dbo].[T] REBUILD;');
  expect(told.summary).toBe('4 tables, 3 unique indexes, 1 of them with IGNORE_DUP_KEY');
});

test('what the server missed is a hint, and no more', () => {
  const row = {
    table_name: '[insights].[dbo].[T]',
    equality_columns: '[a]',
    inequality_columns: '[b], [c]',
    included_columns: null,
    uses: 40,
    impact_percent: 87.6,
  };
  expect(codes(tellMissing([row]))).toEqual(['note missing-index:dbo.T(a, b, c)']);
});

test('files that may not grow, and a log that nobody backs up', () => {
  const file = {
    file_id: 1,
    name: 'data',
    type_desc: 'ROWS',
    bytes: 1_000,
    used_bytes: 960,
    max_bytes: 1_000,
    is_percent_growth: 0,
    growth: 64,
  };
  expect(codes(tellFiles([file]))).toEqual(['fault file-nearly-full:data']);
  expect(codes(tellFiles([{ ...file, used_bytes: null, bytes: 850 }]))).toEqual(['warning file-nearly-full:data']);
  expect(codes(tellFiles([{ ...file, max_bytes: null }]))).toEqual([]);
  const database = { recovery_model_desc: 'FULL', log_reuse_wait_desc: 'LOG_BACKUP' };
  expect(codes(tellLog({ bytes: 100, used_bytes: 95 }, database))).toEqual([
    'fault log-filling',
    'warning log-without-backup',
  ]);
  expect(codes(tellLog({ bytes: 100, used_bytes: 5 }, { ...database, log_reuse_wait_desc: 'NOTHING' }))).toEqual([]);
});

test('settings that lose what was acknowledged, or shrink', () => {
  const row = {
    is_read_committed_snapshot_on: 1,
    delayed_durability_desc: 'FORCED',
    is_auto_shrink_on: 1,
    recovery_model_desc: 'SIMPLE',
    compatibility_level: 150,
  };
  expect(codes(tellSettings(row))).toEqual(['warning delayed-durability', 'warning auto-shrink']);
  expect(codes(tellSettings({ ...row, delayed_durability_desc: 'DISABLED', is_auto_shrink_on: 0 }))).toEqual([]);
});

test("the journal's machine after its night: 5,120 MB and MAXDOP 2 are well", () => {
  const host = { cores: 4, nodes: 1, memoryMb: 8_192, usedMb: 5_000, aimedMb: 5_120, started: '2026-03-22T04:00:00' };
  const options = (maxMemory: number, maxdop: number, threshold: number) =>
    new Map([
      ['max server memory (MB)', maxMemory],
      ['max degree of parallelism', maxdop],
      ['cost threshold for parallelism', threshold],
    ]);
  expect(codes(tellMemory(host, options(5_120, 2, 50)))).toEqual([]);
  expect(codes(tellMemory(host, options(8_000, 8, 5)))).toEqual([
    'warning memory-unlimited',
    'warning maxdop-unlimited',
    'note cost-threshold-low',
  ]);
});

test('as many commands come out as went in, whatever their words are', () => {
  const words = fc.array(fc.string(), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), (commands) => {
      expect(commandsIn(db(...commands))).toHaveLength(commands.length);
    }),
  );
});

test('growth tells how long the room lasts, and nothing of less than an hour', () => {
  const day = 86_400_000;
  expect(
    tellGrowth([
      { at: 0, bytes: 0 },
      { at: day / 30, bytes: 9 },
    ]).findings,
  ).toBeUndefined();
  const told = tellGrowth(
    [
      { at: 0, bytes: 0 },
      { at: day, bytes: 1_000_000_000 },
    ],
    { bytes: 10_500_000_000, of: '/' },
  );
  expect(told.summary).toBe('grows by 1.0 GB a day; / is full in 10 days');
  expect(told.findings).toMatchObject([{ code: 'full-soon' }]);
  // Ten days ahead, of a pace that was watched for an hour: a beginning, and no trouble.
  const hour = [
    { at: 0, bytes: 0 },
    { at: day / 24, bytes: 1_000_000_000 / 24 },
  ];
  expect(tellGrowth(hour, { bytes: 10_500_000_000, of: '/' }).findings).toEqual([]);
  expect(tellGrowth(hour, { bytes: 900_000_000, of: '/' }).findings).toMatchObject([{ code: 'full-soon' }]);
  expect(
    tellGrowth(
      [
        { at: 0, bytes: 9_000 },
        { at: day, bytes: 0 },
      ],
      { bytes: 1, of: '/' },
    ),
  ).toMatchObject({
    summary: 'shrinks by 9.0 KB a day',
    findings: [],
  });
});

test('an Express edition has limits of its own, and Babelfish is told from a SQL Server', () => {
  const row = {
    version: '17.0.1000.7',
    edition: 'Express Edition',
    engine_edition: 4,
    babelfish: null,
    database_name: 'x',
  };
  const gb = 1024 ** 3;
  expect(tellServer(row, 30 * gb).findings).toEqual([]);
  expect(tellServer(row, 45 * gb).findings).toMatchObject([{ level: 'warning', code: 'edition-limit' }]);
  expect(tellServer({ ...row, version: '15.0.2000.5' }, 9.8 * gb).findings).toMatchObject([{ level: 'fault' }]);
  expect(tellServer({ ...row, babelfish: 1 }, 45 * gb)).toMatchObject({
    facts: { isBabelfish: true, isExpress: false },
    findings: [],
  });
});

test('every finding has an explanation of every kind', () => {
  expect(Object.keys(EXPLANATIONS)).toEqual([...CODES]);
  for (const parts of Object.values(EXPLANATIONS))
    expect(Object.values(parts).every((text) => text.length > 3)).toBe(true);
});

test('a later look says what is gone, what is new, and which numbers are better', async () => {
  const before = await look(night());
  const after = await look([
    ['sys.dm_os_wait_stats', new ConsoleError('not-permitted', 'no', 300)],
    ['NOT EXISTS', []],
    ['sys.dm_os_schedulers', [{ cores: 4, waiting_tasks: 0, tasks: 9 }]],
    ['dm_db_log_space_usage', [{ bytes: 1_000_000_000, used_bytes: 950_000_000 }]],
    ['sys.dm_os_ring_buffers', [{ age_s: 20, process_percent: 95, idle_percent: 0 }]],
    ...night(),
  ]);
  const compared = compare(before, after);
  expect(compared.findings).toEqual([
    { id: 'processor-busy', change: 'new' },
    { id: 'insert-looks-first:Requests', change: 'gone' },
    { id: 'tasks-waiting', change: 'gone' },
  ]); // the waits were not looked at again: nothing is said of them
  const changes = Object.fromEntries(compared.measures.map(({ measure, change }) => [measure, change]));
  expect(changes).toMatchObject({
    'tasks waiting for a core': 'better',
    'processor, percent of the host': 'worse',
    'percent of the log used': 'worse',
    sessions: 'same',
  });
  expect(healthPage(after, compared, plain).slice(-12).join('\n')).toContain(
    'better  tasks waiting for a core: 11 → 0',
  );
});

test('statements for SQL Server', async () => {
  const file = Object.entries(statements).map(([name, text]) => `-- ${name}\n${text}\n`);
  await expect(file.sort().join('\n')).toMatchFileSnapshot('sqlserver-health.sql');
});
