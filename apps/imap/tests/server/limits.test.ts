import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CONNECTION, type ConnectionLimits } from '../../src/limits.ts';
import { Client } from '../support/client.ts';
import { PASSWORD, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ...CONNECTION, beforeSignIn: 1500, idle: 2100, stalled: 700, connections: 3 });
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

test('a stranger who does not sign in is sent away, however much it says', async () => {
  const client = await server.connect();
  const chatter = setInterval(() => client.send('n NOOP\r\n'), 50);
  expect((await client.until('* BYE')).at(-1)).toBe('* BYE Autologout: no sign-in in time.');
  clearInterval(chatter);
  while ((await client.line()) !== undefined);
});

test('a client that says nothing for long is signed out; one that speaks is not', async () => {
  const silent = await server.signIn('ann');
  const lively = await server.signIn('ann');
  silent.send('i IDLE\r\n');
  await silent.until('+');
  const sayings = setInterval(() => lively.send('n NOOP\r\n'), 100);
  expect(await silent.line()).toBe('* BYE Autologout: idle for too long.');
  expect(await silent.line()).toBeUndefined();
  clearInterval(sayings);
  expect((await lively.command('NOOP')).result).toMatch(/^OK/);
  lively.close();
});

test('one connection too many is told so', async () => {
  const clients = [await server.connect(), await server.connect(), await server.connect()];
  const extra = await Client.plain(server.port);
  expect(await extra.line()).toBe('* BYE [UNAVAILABLE] Too many connections; try again later.');
  expect(await extra.line()).toBeUndefined();
  for (const client of clients) client.close();
});

/** A server with these limits for as long as `use` takes, which leaves no trouble behind. */
async function withLimits(limits: Partial<ConnectionLimits>, use: (server: TestServer) => Promise<void>) {
  const limited = await startServer({ ...CONNECTION, ...limits });
  try {
    await use(limited);
  } finally {
    await limited.stop();
  }
  expect(limited.errors).toEqual([]);
}

const PATIENTLY = { timeout: 10_000 };

const TOO_MANY = '* BYE [UNAVAILABLE] Too many connections; try again later.';

test('strangers from one address are bounded, with STARTTLS and TLS together; who signs in makes room', () =>
  withLimits({ perAddress: 2 }, async (limited) => {
    const first = await limited.connect();
    const second = await Client.plain(limited.port);
    expect(await second.line()).toMatch(/^\* OK/);
    for (const extra of [await Client.plain(limited.port), await Client.overTls(limited.tlsPort, limited.ca)]) {
      expect(await extra.line()).toBe(TOO_MANY);
      expect(await extra.line()).toBeUndefined();
    }
    await first.ok(`LOGIN ann "${PASSWORD}"`);
    const third = await limited.connect();
    expect((await third.command('NOOP')).result).toMatch(/^OK/);
    // One that goes makes room as well.
    second.close();
    await vi.waitFor(async () => {
      const fourth = await Client.plain(limited.port);
      const greeting = await fourth.line();
      if (greeting === TOO_MANY) fourth.close();
      expect(greeting).toMatch(/^\* OK/);
    }, PATIENTLY);
    expect((await first.command('NOOP')).result).toMatch(/^OK/);
  }));

test('handshakes that never end count against their address, and leave the rest of the room to others', () =>
  withLimits({ perAddress: 1, refusals: 1 }, async (limited) => {
    const signedIn = await limited.signIn('ann');
    const silent = await Promise.all(
      [1, 2].map(async () => {
        const socket = connect(limited.tlsPort, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      }),
    );
    await signedIn.ok('NOOP'); // after it the server has seen both
    const extra = connect(limited.tlsPort, '127.0.0.1');
    extra.on('error', () => {}); // a reset is one way to be dropped
    await once(extra, 'close');
    expect(silent.every((socket) => !socket.closed)).toBe(true);
    expect((await signedIn.command('NOOP')).result).toMatch(/^OK/);
    for (const socket of silent) socket.destroy();
  }));

test('who leaves in the middle of a handshake makes room at once', () =>
  withLimits({ perAddress: 2, refusals: 1 }, async (limited) => {
    const admitted = () =>
      vi.waitFor(async () => {
        const client = await Client.overTls(limited.tlsPort, limited.ca);
        const greeting = await client.line();
        client.close();
        expect(greeting).toMatch(/^\* OK/);
      }, PATIENTLY);
    for (let n = 0; n < 8; n += 1) {
      const bare = connect(limited.tlsPort, '127.0.0.1');
      await once(bare, 'connect');
      bare.destroy();
      await admitted();
      const begun = connectTls({ port: limited.tlsPort, host: '127.0.0.1', rejectUnauthorized: false });
      await once(begun, 'secureConnect'); // for the server it is not over yet
      begun.destroy();
      await admitted();
      const plain = await Client.plain(limited.port);
      await plain.line();
      await plain.ok('STARTTLS');
      plain.close();
      await admitted();
    }
  }));

test('behind a proxy, where all call from one address, strangers are not counted by it', async () => {
  const limited = await startServer({ ...CONNECTION, perAddress: 1 }, undefined, undefined, undefined, true);
  const clients = [await limited.connect(), await limited.connect(), await limited.connect()];
  for (const client of clients) expect((await client.command('NOOP')).result).toMatch(/^OK/);
  for (const client of clients) client.close();
  await limited.stop();
});

test('connections of one user are bounded; the refusal is no failed sign-in, and others are not concerned', () =>
  withLimits({ perUser: 2 }, async (limited) => {
    const first = await limited.signIn('ann');
    await limited.signIn('ann');
    const extra = await limited.connect();
    for (let n = 0; n < 10; n += 1) {
      const refused = await extra.command(`LOGIN ann "${PASSWORD}"`);
      expect(refused.result).toBe('NO [LIMIT] This account has too many connections; close one and try again.');
    }
    expect((await extra.command('SELECT INBOX')).result).toMatch(/^BAD/);
    expect(limited.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'sign-in refused')).toContainEqual(
      expect.objectContaining({ why: 'too many connections', account: 'ann' }),
    );
    await extra.ok(`LOGIN bob "${PASSWORD}"`);
    await first.ok('LOGOUT');
    const next = await limited.connect();
    await vi.waitFor(async () => {
      await next.ok(`LOGIN ann "${PASSWORD}"`);
    }, PATIENTLY);
    await next.ok('SELECT INBOX');
  }));

test('a message may be as long as is configured: told, and refused beyond, in step with the stream', () =>
  withLimits({ messageSize: 1000 }, async (limited) => {
    const client = await limited.signIn('ann');
    expect(await client.ok('CAPABILITY')).toEqual([expect.stringContaining(' APPENDLIMIT=1000 ')]);
    expect(await client.ok('STATUS INBOX (APPENDLIMIT)')).toEqual(['* STATUS INBOX (APPENDLIMIT 1000)']);
    expect(await client.append('INBOX', 'a'.repeat(1000))).toMatch(/^OK/);
    expect(await client.append('INBOX', 'a'.repeat(1001))).toBe('NO [TOOBIG] A message may have 1000 octets.');
    client.send('s APPEND INBOX {1001}\r\n');
    expect(await client.reply('s')).toEqual({ untagged: [], result: 'NO [TOOBIG] A message may have 1000 octets.' });
    client.send(`m APPEND INBOX {3+}\r\nabc {1001+}\r\n${'a'.repeat(1001)}\r\nn NOOP\r\n`);
    expect((await client.reply('m')).result).toBe('NO [TOOBIG] A message may have 1000 octets.');
    expect((await client.reply('n')).result).toMatch(/^OK/);
    expect(await client.ok('STATUS INBOX (MESSAGES)')).toEqual(['* STATUS INBOX (MESSAGES 1)']);
  }));
