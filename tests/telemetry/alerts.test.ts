// The whole way of an alert: an application fails, and its operator has mail.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertRule } from '../../packages/shared/src/contract/index.ts';
import { addApp } from '../support/api.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { type RawImap, signedIn } from '../support/raw-imap.ts';

let platform: Platform;
let imap: RawImap;
let token: string;

beforeAll(async () => {
  platform = await startPlatform();
  await platform.addUser('olga', '--role', 'admin');
  const { stdout } = await platform.cli(['token', 'add', 'alerts', '--role', 'admin', '--json']);
  ({ token } = JSON.parse(stdout.toString()));
  imap = await signedIn(platform.ports.imaps, platform.ca, 'olga', passwordOf('olga'));
});
afterAll(async () => {
  imap?.close();
  await platform?.stop();
});

async function call(path: string, body?: object): Promise<unknown> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${platform.ports.api}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** What lies in the inbox, headers and all. */
async function inbox(): Promise<string> {
  await imap.command('NOOP');
  return imap.command('FETCH 1:* BODY.PEEK[]');
}

const poll = { timeout: 30_000, interval: 100 };

test('what fires lies in the mailbox of the admin, in the thread of its rule, and so does a test', async () => {
  const { key } = await addApp(platform, 'shop');
  const event = (index: number) => ({ kind: 'request', name: 'GET /', id: String(index), success: index % 2 === 0 });
  const now = new Date().toISOString();
  const events = Array.from({ length: 10 }, (_, index) => ({ ...event(index), time: now }));
  const sent = await fetch(`http://127.0.0.1:${platform.ports.api}/api/ingest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(events),
  });
  expect(await sent.json()).toMatchObject({ accepted: 10 });

  const added = await call('/api/alerts/rules', {
    name: 'Failures',
    enabled: true,
    app: null,
    condition: { kind: 'failure-rate', abovePercent: 10, minRequests: 10, windowMinutes: 60 },
    forMinutes: 0,
    resolveMinutes: 5,
    mail: true,
    webhook: null,
  });
  // The server checks its answers against the contract's schema before it sends them.
  const rule = added as AlertRule;
  await expect.poll(inbox, poll).toContain('Subject: [Scorpiox] Firing: Failures (shop)');
  const fired = await inbox();
  expect(fired).toContain('50 % of 10 requests failed in 60 minutes (limit 10 %).');
  expect(fired).toContain(`References: <alert-rule.${rule.id}@`);

  expect(await call(`/api/alerts/rules/${rule.id}/test`)).toEqual({
    results: [{ to: 'olga', delivered: true, problem: null }],
  });
  await expect.poll(inbox, poll).toContain('Subject: [Scorpiox] Test: Failures');
  expect((await inbox()).split(`References: <alert-rule.${rule.id}@`)).toHaveLength(3);
});
