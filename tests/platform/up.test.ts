// The platform as a whole: it heals what dies, and leaves nothing behind when it stops.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { descendantsOf } from '../support/processes.ts';
import { signedIn } from '../support/raw-imap.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
  await platform.addUser('alice');
});
afterAll(() => platform.stop());

test('keys and databases are for their owner only', () => {
  const open = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter(
        (entry) =>
          entry.isFile() &&
          /\.(?:key|pem|db|sqlite|token)(?:-wal)?$/.test(entry.name) &&
          !/^(?:ca|server)\.pem$/.test(entry.name),
      )
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => (statSync(file).mode & 0o077) !== 0);
  expect(open(platform.dataDir)).toEqual([]);
});

test('the operator looks inside where it says so', async () => {
  const [, url = '', file = ''] = /Operate IMAP +(\S+) \(token in (\S+)\)/.exec(platform.output()) ?? [];
  expect(url).toBe(`http://127.0.0.1:${platform.ports.admin}`);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/sessions`)).status).toBe(401);
  const authorization = `Bearer ${readFileSync(file, 'utf8').trim()}`;
  const answer = await fetch(`${url}/sessions`, { headers: { authorization } });
  expect(await answer.json()).toMatchObject({ sessions: [] });
  expect(platform.output()).not.toContain(authorization.slice('Bearer '.length));
});

test('no secret shows in the process list', () => {
  const list = descendantsOf(platform.process.pid)
    .map(({ args }) => args)
    .join('\n');
  expect(list).toContain('imap');
  expect(list).not.toMatch(/InstrumentationKey|token=|password/i);
});

test('an IMAP server that is killed comes back by itself, with its mail', async () => {
  const before = descendantsOf(platform.process.pid).find(({ args }) => args.includes('apps/imap'));
  await platform.cli(['mail', 'deliver', 'alice'], { input: 'Subject: still here\n\nyes\n' });
  process.kill(before?.pid ?? 0, 'SIGKILL');
  const connect = async () => {
    try {
      return await signedIn(platform.ports.imaps, platform.ca, 'alice', passwordOf('alice'));
    } catch {
      return undefined;
    }
  };
  let imap = await connect();
  while (imap === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    imap = await connect();
  }
  expect(await imap.command('UID FETCH 1 (BODY.PEEK[HEADER.FIELDS (SUBJECT)])')).toContain('still here');
  imap.close();
});

test('SIGINT ends everything with 0', async () => {
  const pids = descendantsOf(platform.process.pid).map(({ pid }) => pid);
  expect(pids.length).toBeGreaterThanOrEqual(2);
  platform.process.kill('SIGINT');
  await expect.poll(() => platform.process.exitCode, { timeout: 30_000 }).toBe(0);
  expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
});
