import type { TelemetryEvent } from '@scorpiox/shared/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandTelemetry } from '../../src/server/telemetry.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test('above the rate commands are counted together, none is lost, and durations are means', () => {
  const events: TelemetryEvent[] = [];
  const telemetry = new CommandTelemetry(
    (event) => events.push(event),
    'session',
    () => 5000,
  );
  for (let n = 0; n < 50; n += 1) telemetry.command('NOOP', 'OK', 1);
  for (let n = 0; n < 100; n += 1) telemetry.command('FETCH', n % 4 === 0 ? 'NO' : 'OK', n % 4 === 0 ? 9 : 2);
  telemetry.close();
  expect(events.slice(0, 50).every((event) => event.name === 'IMAP NOOP' && event.count === undefined)).toBe(true);
  expect(events.slice(50)).toEqual([
    expect.objectContaining({
      kind: 'request',
      name: 'IMAP FETCH',
      code: 'NO',
      success: false,
      durationMs: 9,
      count: 25,
    }),
    expect.objectContaining({
      kind: 'request',
      name: 'IMAP FETCH',
      code: 'OK',
      success: true,
      durationMs: 2,
      count: 75,
    }),
  ]);
});

test('a new second brings single events again', () => {
  const events: TelemetryEvent[] = [];
  let now = 0;
  const telemetry = new CommandTelemetry(
    (event) => events.push(event),
    'session',
    () => now,
  );
  for (let n = 0; n < 60; n += 1) telemetry.command('NOOP', 'OK', 1);
  now = 1000;
  telemetry.command('NOOP', 'OK', 1);
  telemetry.close();
  expect(events.map((event) => event.count ?? 1)).toEqual([...Array(50).fill(1), 1, 10]);
});

test('a session is reported by its commands and results, and by nothing that it holds', async () => {
  const client = await server.signIn('private-name');
  await client.append('INBOX', 'Subject: private-subject\r\n\r\nprivate-body\r\n');
  await client.ok('CREATE private-mailbox');
  await client.ok('SELECT private-mailbox');
  await client.command('FETCH 9 (FLAGS)');
  await client.ok('LOGOUT');
  while ((await client.line()) !== undefined);
  await server.listener.stop();
  const requests = server.events.filter((event) => event.kind === 'request');
  expect(requests.map(({ name, code, success }) => `${name} ${code} ${success}`)).toEqual([
    'IMAP LOGIN OK true',
    'IMAP APPEND OK true',
    'IMAP CREATE OK true',
    'IMAP SELECT OK true',
    'IMAP FETCH BAD false',
    'IMAP LOGOUT OK true',
  ]);
  expect(requests.every(({ durationMs }) => typeof durationMs === 'number' && durationMs >= 0)).toBe(true);
  expect(server.events.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['IMAP connection opened', 'IMAP connection closed']),
  );
  expect(JSON.stringify(server.events)).not.toContain('private');
});
