import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openAccounts } from '@scorpiox/shared/accounts';
import type { AppReport, AppsReport } from '@scorpiox/shared/contract';
import { expect, it, vi } from 'vitest';
import { demoMessages } from '../../src/ops/demo/mail/collection.ts';
import { SERVICE_NAMES, SILENT_SERVICE } from '../../src/ops/demo/services.ts';
import { scorpioxHere } from '../support/here.ts';
import { startPlatform } from '../support/platform.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

/** Message files in all mailboxes of a user. */
async function countMail(dataDir: string, user: string): Promise<number> {
  const files = await readdir(join(dataDir, 'mail', user, 'Maildir'), { recursive: true });
  return files.filter((file) => /(?:^|\/)(?:new|cur)\/[^/]+$/.test(file)).length;
}

async function runDemo(dataDir: string, whileRunning: (url: string) => Promise<void>): Promise<string> {
  const platform = startPlatform(dataDir, ['--demo']);
  const line = await platform.line(/^ {2}Demo mail/);
  const dashboard = await platform.line(/^ {2}Dashboard/);
  await whileRunning(dashboard.replace('Dashboard', '').trim());
  platform.process.kill('SIGINT');
  expect(await platform.ended).toMatchObject({ code: 0 });
  return line;
}

it('shows 15 applications at once, and starts again without a second copy of anything', async () => {
  const dataDir = await temporaryFolder();
  const issued = await scorpioxHere(['token', 'add', 'test', '--role', 'viewer', '--json', '--data-dir', dataDir]);
  const { token } = JSON.parse(issued.stdout);
  const received = async (url: string): Promise<Map<string, AppReport>> => {
    const answer = await fetch(`${url}/api/apps`, { headers: { authorization: `Bearer ${token}` } });
    const { apps } = (await answer.json()) as AppsReport; // the API's schema is the guarantee
    return new Map(apps.filter(({ name }) => name.startsWith('demo-')).map((app) => [app.name, app]));
  };
  const all = async (url: string) => {
    const apps = await received(url);
    expect([...apps.keys()].sort()).toEqual([...SERVICE_NAMES].sort());
    for (const [name, app] of apps) {
      expect(app.received, name).toBeGreaterThan(0);
      // From the start the one that has died stands out, though its past has only just come.
      expect(app.state === 'silent', name).toBe(name === SILENT_SERVICE);
    }
  };

  const first = await runDemo(dataDir, (url) => vi.waitFor(() => all(url), { timeout: 30_000, interval: 200 }));
  const messages = demoMessages(Date.now()).length;
  expect(await countMail(dataDir, 'demo')).toBe(messages);
  const caughtUp = async (url: string) => {
    const apps = await received(url);
    // Of the day that is asked for its history is half.
    const sparkline = apps.get('demo-shop')?.sparkline ?? [];
    expect(Math.min(...sparkline.slice(sparkline.length / 2 + 1))).toBeGreaterThan(0);
    return apps;
  };
  const second = await runDemo(dataDir, async (url) => {
    const apps = await vi.waitFor(() => caughtUp(url), { timeout: 60_000, interval: 200 });
    // It went on where it was: only what was under way when it was stopped came again, and was recognised.
    for (const [name, app] of apps) {
      expect(app.duplicates, name).toBeLessThan(app.received / 10);
      expect(app.accepted + app.duplicates, name).toBe(app.received);
    }
  });
  expect(second).toBe(first);
  expect(await countMail(dataDir, 'demo')).toBe(messages);

  const password = /password (\S+)/.exec(first)?.[1] ?? '';
  const accounts = openAccounts(join(dataDir, 'accounts.db'));
  expect(await accounts.verify('demo', password)).toEqual({ name: 'demo' });
  accounts.close();
}, 150_000);

it('leaves an account named demo alone that somebody else made', async () => {
  const dataDir = await temporaryFolder();
  await scorpioxHere(['user', 'add', 'demo', '--password-stdin', '--data-dir', dataDir], { input: 'mine' });
  for (const _ of ['first', 'second']) {
    const platform = startPlatform(dataDir, ['--demo']);
    await platform.line(/Scorpiox is running/);
    await platform.line(/account named demo already/);
    platform.process.kill('SIGINT');
    expect(await platform.ended).toMatchObject({ code: 0, stdout: expect.not.stringContaining('Demo mail') });
  }
  expect(await countMail(dataDir, 'demo')).toBe(0);
}, 60_000);
