/** What an operator sees of connections, and how one is ended. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionReport } from '../../src/admin/operator.ts';
import { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';

const LARGE = `Subject: large\r\n\r\n${`${'x'.repeat(62)}\r\n`.repeat(262_144)}`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const reports = async () => (await server.operator.sessions()).sessions;
const reportOf = async (user: string) => (await reports()).find((report) => report.user === user);

async function until(user: string, condition: (report: SessionReport) => boolean): Promise<SessionReport> {
  for (;;) {
    const report = await reportOf(user);
    if (report !== undefined && condition(report)) return report;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function kick(user: string): Promise<void> {
  for (const report of await reports()) {
    if (report.user === user) expect(await server.operator.kick(report.id)).toBe('kicked');
  }
}

test('a session is seen from its greeting to its end', async () => {
  const plain = await Client.plain(server.port);
  await plain.line();
  expect(await reports()).toMatchObject([
    { protocol: 'imap', user: null, address: '127.0.0.1', tls: null, state: 'not-authenticated', command: null },
  ]);
  await plain.command('ID ("NAME" "Example Mail" "version" "1.2" "command" "secret" "vendor" NIL)');
  await plain.ok('STARTTLS');
  await plain.secure(server.ca);
  await plain.ok('LOGIN seen "correct horse"');
  await plain.ok('COMPRESS DEFLATE');
  plain.deflate();
  await plain.ok('SELECT INBOX');
  expect(await reportOf('seen')).toMatchObject({
    tls: { protocol: 'TLSv1.3' },
    compressed: true,
    state: 'selected',
    mailbox: 'INBOX',
    client: { name: 'Example Mail', version: '1.2' },
  });
  plain.send('i IDLE\r\n');
  const idling = await until('seen', ({ command }) => command?.name === 'IDLE');
  expect(structuredClone(idling)).toEqual(idling);
  plain.send('DONE\r\n');
  await plain.until('i OK');
  await plain.ok('UNSELECT');
  expect(await reportOf('seen')).toMatchObject({ state: 'authenticated', mailbox: null, command: null });
  await plain.command('LOGOUT');
  while ((await reports()).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('the id is the one in the log', async () => {
  const client = await server.signIn('logged');
  const id = (await reportOf('logged'))?.id;
  const line = server.log.map((text) => JSON.parse(text)).find(({ user }) => user === 'logged');
  expect(line).toMatchObject({ msg: 'signed in', session: id });
  client.close();
});

test('a FETCH that its client does not take is seen with what waits, and a kick ends it', async () => {
  const client = await server.signIn('stalled');
  expect(await client.append('INBOX', LARGE)).toMatch(/^OK/);
  await client.ok('SELECT INBOX');
  client.socket.on('error', () => {});
  client.socket.removeAllListeners('data').pause();
  client.socket.write('f FETCH 1 (BODY.PEEK[])\r\n');
  const stalled = await until('stalled', ({ quietMs, stalledMs }) => Math.min(quietMs, stalledMs ?? 0) > 200);
  expect(stalled.command?.name).toBe('FETCH');
  expect(stalled.command?.ageMs).toBeGreaterThanOrEqual(stalled.quietMs);
  expect(stalled.heldOctets).toBeGreaterThanOrEqual(stalled.waitingOctets);
  expect(stalled.waitingOctets).toBeGreaterThan(0);
  expect(stalled.stalledMs).toBeLessThanOrEqual(stalled.command?.ageMs ?? 0);
  await kick('stalled');
  while ((await reportOf('stalled')) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  client.close();
});

test('a kick says BYE, also to who idles or has not signed in', async () => {
  const idle = await server.signIn('kicked');
  await idle.ok('SELECT INBOX');
  idle.send('i IDLE\r\n');
  await idle.until('+ ');
  await kick('kicked');
  expect(await idle.until('* BYE')).toContain('* BYE The operator ended this session.');
  expect(await idle.line()).toBeUndefined();
  const stranger = await server.connect();
  for (const { id } of await reports()) await server.operator.kick(id);
  expect(await stranger.line()).toMatch(/^\* BYE/);
  expect(await stranger.line()).toBeUndefined();
});

test('nobody has an id that nobody has', async () => {
  expect(await server.operator.kick('00000000-0000-4000-8000-000000000000')).toBe('no-such-session');
});
