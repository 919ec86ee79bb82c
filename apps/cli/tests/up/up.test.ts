import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { bringFileUp, MIGRATIONS } from '@scorpiox/shared/database';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { isAlive } from '../support/processes.ts';
import { scorpiox, temporaryFolder } from '../support/scorpiox.ts';

/** The processes of an installation: those that have its data folder in their environment. Linux only. */
function processesOf(dataDir: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return isAlive(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`SCORPIOX_DATA_DIR=${dataDir}\0`);
    } catch {
      return false; // it has ended, or is another user's
    }
  });
}

/** The process of a part, by the file it runs. */
function partOf(dataDir: string, file: string): number {
  const found = processesOf(dataDir).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(file));
  if (found === undefined) throw new Error(`${file} does not run`);
  return found;
}

const field = (line: string, label: string) => line.replace(label, '').trim().split(' ')[0] ?? '';

it('runs everything, says where it is, and leaves no process behind after SIGINT', async () => {
  const dataDir = await temporaryFolder();
  const platform = startPlatform(dataDir);
  const url = field(await platform.line(/^ {2}Dashboard/), 'Dashboard');
  const link = new URL(field(await platform.line(/^ {2}Sign in/), 'Sign in'));
  const caFile = field(await platform.line(/^ {2}Certificate/), 'Certificate');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(link.href).toMatch(new RegExp(`^${url}/sign-in#token=.+`));
  expect(readFileSync(caFile, 'utf8')).toContain('BEGIN CERTIFICATE');

  const token = link.hash.slice('#token='.length);
  const signIn = () =>
    fetch(`${url}/api/session/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ token }),
    });
  expect(await (await signIn()).json()).toMatchObject({ role: 'admin' });
  expect((await signIn()).status).toBe(401);

  expect(processesOf(dataDir).length).toBeGreaterThanOrEqual(3);
  platform.process.kill('SIGINT');
  platform.process.kill('SIGINT'); // npm and the launcher pass on what the terminal sent already
  const { code, stderr } = await platform.ended;
  expect({ code, last: stderr.split('\n').at(-1) }).toMatchObject({ code: 0 });
  expect(processesOf(dataDir)).toEqual([]);
  expect(existsSync(join(dataDir, 'up.lock'))).toBe(false);
});

it('starts a part again that was killed', async () => {
  const dataDir = await temporaryFolder();
  const platform = startPlatform(dataDir);
  await platform.line(/Scorpiox is running/);
  const imap = partOf(dataDir, 'imap/src/main.ts');
  process.kill(imap, 'SIGKILL');
  await platform.line(/^imap ended \(killed by SIGKILL\); starting it again/);
  await platform.line(/^imap is back/);
  expect(partOf(dataDir, 'imap/src/main.ts')).not.toBe(imap);
});

it('takes its parts with it when it is killed itself', async () => {
  const dataDir = await temporaryFolder();
  const platform = startPlatform(dataDir);
  await platform.line(/Scorpiox is running/);
  platform.process.kill('SIGKILL');
  await vi.waitFor(() => expect(processesOf(dataDir)).toEqual([]), { timeout: 20_000 });
  // The lock that it could not remove is not in the way.
  const again = startPlatform(dataDir);
  await again.line(/Scorpiox is running/);
});

it('does not run twice on one data folder; the first one runs on', async () => {
  const dataDir = await temporaryFolder();
  const first = startPlatform(dataDir);
  const url = field(await first.line(/^ {2}Dashboard/), 'Dashboard');
  const second = await startPlatform(dataDir).ended;
  expect(second.code).toBe(69);
  expect(second.stdout).toBe('');
  expect(second.stderr).toContain(`${dataDir} (process ${first.process.pid})`);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(first.process.exitCode).toBeNull();
});

it.each([
  'SCORPIOX_IMAP_PORT',
  'SCORPIOX_INSIGHTS_PORT',
])('ends with 69 where %s is in use, and stops the rest', async (key) => {
  const dataDir = await temporaryFolder();
  const port = await occupiedPort();
  const { code, stderr, stdout } = await startPlatform(dataDir, [], { env: { [key]: `${port}` } }).ended;
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
  expect(stderr).toContain(`${port}`);
  expect(processesOf(dataDir)).toEqual([]);
});

it('stops cleanly while it is still starting', async () => {
  const dataDir = await temporaryFolder();
  const platform = startPlatform(dataDir);
  await vi.waitFor(() => expect(processesOf(dataDir).length).toBeGreaterThan(1), { timeout: 10_000 });
  platform.process.kill('SIGTERM');
  expect(await platform.ended).toMatchObject({ code: 0, stdout: '' });
  expect(processesOf(dataDir)).toEqual([]);
});

it('waits for the API to bring an old database to its version, and registers the IMAP server as an application once', async () => {
  const dataDir = await temporaryFolder();
  expect(bringFileUp(join(dataDir, 'insights.db'), () => {}, MIGRATIONS.slice(0, 2))).toEqual({ ok: true });
  const { err } = await startAndStop(dataDir);
  expect(err).toContainEqual(
    expect.stringMatching(/^insights-api \| listening; the database is being brought to this/),
  );
  expect(err).toContainEqual('insights-api | the database is at this version');
  await startAndStop(dataDir);
  const { code, stderr } = await scorpiox(['app', 'add', 'scorpiox-imap', '--data-dir', dataDir]);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('scorpiox-imap') });
});

it('says where the trouble is when the data folder cannot be made', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  const dataDir = join(folder, 'file', 'data');
  const { code, stderr, stdout } = await startPlatform(dataDir).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`${dataDir} cannot be made (ENOTDIR)`);
  expect(await readdir(folder)).toEqual(['file']);
});

async function startAndStop(dataDir: string): Promise<Platform> {
  const platform = startPlatform(dataDir);
  await platform.line(/Scorpiox is running/);
  platform.process.kill('SIGTERM');
  await platform.ended;
  return platform;
}

async function occupiedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the port has no number');
  return address.port;
}
