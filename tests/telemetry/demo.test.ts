import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiOf } from '../support/api.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { signedIn } from '../support/raw-imap.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform(['--demo']);
});
afterAll(() => platform.stop());

test('--demo shows 15 applications, told apart by their names, and a mailbox with mail', async () => {
  const api = await apiOf(platform);
  const apps = await api.untilApps((now) => {
    const demo = [...now.values()].filter(({ name }) => name.includes('demo'));
    return demo.length === 15 && demo.filter(({ requests }) => requests > 0).length >= 14;
  });
  expect([...apps.keys()].filter((name) => !name.includes('demo'))).toEqual(['scorpiox-imap']);

  const password = /demo[^\n]*password[^\n]*?[: ]\s*(\S+)\s*$/im.exec(platform.output())?.[1] ?? '';
  const imap = await signedIn(platform.ports.imaps, platform.ca, 'demo', password);
  const status = await imap.command('STATUS INBOX (MESSAGES)');
  expect(Number(/MESSAGES (\d+)/.exec(status)?.[1])).toBeGreaterThan(5);
  imap.close();
});
