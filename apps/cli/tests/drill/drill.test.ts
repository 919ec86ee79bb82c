import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scorpiox, temporaryFolder } from '../support/scorpiox.ts';

const SMALL = ['--rows', '10000', '--sessions', '4', '--seconds', '1'];

const drill = (dataDir: string, ...args: readonly string[]) =>
  scorpiox(['drill', 'db', '--data-dir', dataDir, ...args], { cwd: dataDir });

test('the night is made, mended by the commands, and gone; what a killed drill left goes with it', async () => {
  const dataDir = await temporaryFolder();
  const left = join(dataDir, 'drills', 'left');
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, 'owner'), '1 2 of another boot');
  const { code, stdout, stderr } = await drill(dataDir, ...SMALL, '--json');
  const report = JSON.parse(stdout);
  expect(report.checks.filter((check: { held: boolean }) => !check.held)).toEqual([]);
  expect(code).toBe(0);
  expect(Object.keys(report)).toEqual(['database', 'rows', 'before', 'mended', 'after', 'symptoms', 'checks']);
  expect(report.before.inserted).toBeGreaterThan(0);
  expect(report.after.inserted).toBeGreaterThan(0);
  expect(report.mended.map(({ command }: { command: string }) => command)).toEqual([
    'scorpiox db dedupe Requests --key App,Timestamp,OperationId --apply',
    'scorpiox db unique Requests --key App,Timestamp,OperationId --ignore-dup-key --apply',
    'scorpiox db decompute Requests.DurationMs --type int --apply',
  ]);
  expect(stderr).toContain(`${left}: removed`);
  expect(stderr).toContain('CREATE UNIQUE INDEX');
  expect(readdirSync(join(dataDir, 'drills'))).toEqual([]);
});

test('a file that is there is left alone', async () => {
  const dataDir = await temporaryFolder();
  writeFileSync(join(dataDir, 'mine.db'), 'mine');
  const { code, stderr } = await drill(dataDir, ...SMALL, '--on', 'sqlite:mine.db');
  expect(code).toBe(5);
  expect(stderr).toContain('mine.db is there already');
  expect(existsSync(join(dataDir, 'mine.db-wal'))).toBe(false);
});

test('a server is not put under load by accident', async () => {
  const dataDir = await temporaryFolder();
  writeFileSync(join(dataDir, 'url'), 'mssql://sa:secret@127.0.0.1:1/insights', { mode: 0o600 });
  const { code, stderr } = await drill(dataDir, ...SMALL, '--on', '@url');
  expect(code).toBe(64);
  expect(stderr).toContain('Say --yes');
  expect(stderr).not.toContain('secret');
});
