import { readFileSync, statSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openConsole } from '@scorpiox/shared/database/console';
import { expect, test } from 'vitest';
import { commandsIn } from '../../src/ops/db/health/mends.ts';
import { tellFile, tellWal } from '../../src/ops/db/health/sqlite/files.ts';
import { tellSchema } from '../../src/ops/db/health/sqlite/whole.ts';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

/** A file that is not ours: 12,000 rows without a key, 300 of them twice; a duration parsed when it is read; a needless index. */
async function troubled(): Promise<string> {
  const file = join(await temporaryFolder(), "it's.db");
  await change(
    file,
    'CREATE TABLE requests (app TEXT, id INT, duration TEXT, ms INT AS (CAST(CAST(substr(duration, 7) AS real) * 1000 AS int)))',
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
INSERT INTO requests SELECT 'shop', CASE WHEN i > 11700 THEN i - 300 ELSE i END, '00:00:00.1083441' FROM n`,
    'CREATE INDEX by_app ON requests (app)',
    'CREATE INDEX by_app_id ON requests (app, id)',
    'CREATE INDEX by_some ON requests (app) WHERE id > 5',
    'CREATE INDEX by_expression ON requests (lower(app))',
  );
  return file;
}

async function change(file: string, ...texts: readonly string[]): Promise<void> {
  const opened = await openConsole({ kind: 'sqlite', file }, { tell: () => {}, lockTimeoutMs: 1_000, create: true });
  if (!opened.ok) throw opened.error;
  for (const text of texts) await opened.value.run({ text });
  await opened.value.close();
}

const here = (file: string, ...args: readonly string[]) =>
  scorpioxHere(['db', ...args, '--on', `sqlite:${file}`, '--quiet'], {
    env: { XDG_STATE_HOME: join(file, '../state') },
  });

/** Findings of a report but for the disk's, which are this machine's own. */
const idsIn = (stdout: string): readonly string[] =>
  JSON.parse(stdout)
    .findings.map(({ id }: { id: string }) => id)
    .filter((id: string) => !/^(disk-low|full-soon)/.test(id));

test('a file that is not ours: what is wrong with it, and what would mend that on the same file', async () => {
  const file = await troubled();
  const { code, stdout, stderr } = await here(file, 'health', '--key', 'requests:app,id', '--json');
  expect(stderr).toContain('finding');
  expect(code).toBe(3);
  expect(idsIn(stdout)).toEqual([
    'duplicates:requests(app,id)',
    'no-unique-index:requests',
    'computed-column:requests.ms',
    'index-redundant:requests.by_app',
    'not-wal',
  ]);
  const report = JSON.parse(stdout);
  expect(report.findings[0]).toMatchObject({
    message: '300 rows of requests are there again, by app,id.',
    evidence: '12,000 rows, 11,700 keys, 300 of them more than once',
    mend: expect.stringContaining(
      `scorpiox db dedupe requests --key app,id --on 'sqlite:${file.replace("'", "'\\''")}'; scorpiox db unique`,
    ),
  });
  const byName = Object.fromEntries(report.sections.map((one: { section: string }) => [one.section, one]));
  expect(byName.waits).toMatchObject({ reason: 'not available: SQLite does not note what its programs wait for' });
  expect(byName.schema).toMatchObject({ reason: 'not a database of this platform' });
  expect(byName.growth.reason).toContain('not noted');
  expect(byName.integrity).toMatchObject({ reason: null });
  expect(byName['computed columns'].rows).toMatchObject([
    {
      table: 'requests',
      column: 'ms',
      definition: 'CAST(CAST(substr(duration, 7) AS real) * 1000 AS int)',
      isPersisted: false,
      rows: 12_000,
    },
  ]);
});

test('what --json prints has these fields, and docs/cli.md names them', async () => {
  const file = await troubled();
  const report = JSON.parse((await here(file, 'health', '--json')).stdout);
  const explained = JSON.parse((await here(file, 'explain', 'not-wal', '--json')).stdout);
  const shapes = [report, report.sections[0], report.findings[0], report.measures[0], explained].map(Object.keys);
  expect(shapes).toEqual([
    ['database', 'kind', 'at', 'sections', 'findings', 'measures', 'compared'],
    ['section', 'reason', 'summary', 'facts', 'rows'],
    ['id', 'level', 'area', 'code', 'subject', 'message', 'evidence', 'mend', 'section'],
    ['measure', 'value', 'better'],
    ['code', 'means', 'hurts', 'measured', 'mends', 'at', 'found'],
  ]);
  const document = readFileSync(join(import.meta.dirname, '../../../../docs/cli.md'), 'utf8');
  for (const names of shapes.slice(1, 4)) expect(document).toContain(`{${names.join(', ')}}`);
});

test('mended by the commands that it names, a later look says what is gone', async () => {
  const file = await troubled();
  const saved = join(file, '../before.json');
  await here(file, 'health', '--key', 'requests:app,id', '--save', saved);
  expect(statSync(saved).mode & 0o777).toBe(0o600);
  const { findings } = JSON.parse(readFileSync(saved, 'utf8'));
  const commands: string[] = findings.flatMap(({ mend }: { mend: string }) => commandsIn(mend));
  for (const command of commands.filter((one) => one.startsWith('scorpiox db ') && !one.includes('COLUMN,'))) {
    const [, , ...words] = command.split(' --on ')[0]?.split(' ') ?? [];
    const done = await here(file, ...words, '--apply', '--yes');
    expect(done.code, `${command}: ${done.stderr}`).toBe(0);
  }
  await change(file, 'DROP INDEX IF EXISTS by_app', 'PRAGMA journal_mode = WAL');
  const { stdout } = await here(file, 'health', '--key', 'requests:app,id', '--compare', saved, '--json');
  const { compared } = JSON.parse(stdout);
  expect(compared.findings).toEqual(
    expect.arrayContaining(
      ['duplicates:requests(app,id)', 'no-unique-index:requests', 'computed-column:requests.ms', 'not-wal'].map(
        (id) => ({
          id,
          change: 'gone',
        }),
      ),
    ),
  );
  expect(compared.measures).toContainEqual({
    measure: 'duplicates in requests by app,id',
    before: 300,
    after: 0,
    change: 'better',
  });
  const shown = await scorpioxHere(['db', 'explain', 'duplicates', '--from', saved], {
    atTerminal: true,
    env: { NO_COLOR: '1' },
  });
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.stdout).toMatch(/^code +duplicates\nmeans +Rows are there more than once/);
  expect(shown.stdout).toContain('12,000 rows, 11,700 keys');
});

test('a key of a table or a column that there is none of is told', async () => {
  const file = await troubled();
  expect(await here(file, 'health', '--key', 'request:app')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('Did you mean requests?'),
  });
  expect(await here(file, 'health', '--key', 'requests:apps')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('Did you mean app?'),
  });
  expect(await here(file, 'health', '--key', 'requests')).toMatchObject({ code: 64 });
  expect(await here(file, 'explain', 'nonsense')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('insert-looks-first'),
  });
});

test('a file that is no saved report is refused before anything is looked at', async () => {
  const file = await troubled();
  const other = join(file, '../other.json');
  await writeFile(other, '{"database": 1}');
  expect(await here(file, 'health', '--compare', other)).toMatchObject({ code: 64, stdout: '' });
  await writeFile(other, 'no JSON');
  expect(await here(file, 'health', '--compare', other)).toMatchObject({ code: 64, stdout: '' });
  expect(await here(file, 'health', '--compare', `${other}.none`)).toMatchObject({ code: 1, stdout: '' });
});

test('a damaged file is found out, and the look goes on', async () => {
  const file = await troubled();
  const handle = await open(file, 'r+');
  const { size } = await handle.stat();
  await handle.write(Buffer.alloc(4_096, 0xaa), 0, 4_096, size - 3 * 4_096);
  await handle.close();
  const { code, stdout } = await here(file, 'health', '--json');
  expect(code).toBe(3);
  expect(idsIn(stdout)).toContain('damaged');
});

test("the platform's own database is in order, and its version is told", async () => {
  const folder = await temporaryFolder();
  await scorpioxHere(['app', 'list', '--data-dir', folder]);
  const { stdout, stderr } = await scorpioxHere(['db', 'health', '--data-dir', folder, '--json']);
  expect(idsIn(stdout)).toEqual([]);
  expect(stderr).toContain('-- [1] sqlite:');
  expect(tellSchema(15, 16).findings).toMatchObject([{ code: 'schema-old' }]);
  expect(tellSchema(17, 16).findings).toMatchObject([{ code: 'schema-too-new' }]);
});

test('a large log is told with who reads, and free pages only where they are many', () => {
  const reader = { pid: 7, command: 'python report.py', reads: true, writes: false };
  expect(tellWal(100 * 1024 ** 2, [reader]).findings).toMatchObject([
    { code: 'wal-large', evidence: '104.9 MB; reading now: 7 python report.py' },
  ]);
  expect(tellWal(1_000, [reader]).findings).toEqual([]);
  const row = {
    page_size: 4_096,
    page_count: 100_000,
    free_pages: 50_000,
    journal_mode: 'wal',
    version: '3.53.0',
    auto_vacuum: 0,
  };
  expect(tellFile('/x.db', row, undefined).findings).toMatchObject([{ code: 'free-pages' }]);
  expect(tellFile('/x.db', { ...row, free_pages: 100 }, undefined).findings).toEqual([]);
});
