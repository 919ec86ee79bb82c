/** COMPRESS=DEFLATE over real TLS (RFC 4978): the dialogue, its flushes, and what compressed octets must not do. */
import { randomBytes } from 'node:crypto';
import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONNECTION } from '../../src/limits.ts';
import type { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

const MIB = 1024 * 1024;
/** Octets of deflate without a final block. */
const deflated = (text: string) => deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ...CONNECTION, stalled: 2000 });
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** COMPRESS was answered; what is sent now goes out as it is. */
async function raw(user: string): Promise<Client> {
  const client = await server.signIn(user);
  await client.ok('COMPRESS DEFLATE');
  return client;
}

async function compressed(user: string): Promise<Client> {
  const client = await raw(user);
  client.deflate();
  return client;
}

const held = () => Math.max(0, ...[...server.listener.connections].map((connection) => connection.held));

/** The most that was held for a connection until `done`. */
async function worstUntil(done: Promise<unknown>): Promise<number> {
  let worst = 0;
  let going = true;
  const stop = () => {
    going = false;
  };
  done.then(stop, stop);
  while (going) {
    worst = Math.max(worst, held());
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  return worst;
}

test('a whole dialogue, offered after sign-in and once', async () => {
  const A = await server.connect();
  expect((await A.command('COMPRESS DEFLATE')).result).toBe('BAD Sign in first.');
  const { result } = await A.command('LOGIN ann "correct horse"');
  expect(result).toContain(' COMPRESS=DEFLATE');
  expect((await A.command('COMPRESS LZ4')).result).toMatch(/^NO /);
  await A.ok('COMPRESS DEFLATE');
  A.deflate();
  await transcript(
    { A },
    `A: a1 COMPRESS DEFLATE
     A> a1 NO [COMPRESSIONACTIVE] …
     A: a2 STARTTLS
     A> a2 BAD …
     A: a3 APPEND INBOX {5}
     A> + …
     A: hello
     A> a3 OK …
     A: a4 SELECT INBOX
     A>> a4 OK …
     A: a5 FETCH 1 BODY[TEXT]
     A>> a5 OK …`,
  );
  expect((await A.ok('CAPABILITY')).join()).not.toContain('COMPRESS');
  expect(await A.ok('LOGOUT')).toEqual([expect.stringMatching(/^\* BYE/)]);
  expect(await A.line()).toBeUndefined();
});

test('what happens during IDLE is told at once', async () => {
  const A = await compressed('ida');
  const B = await server.signIn('ida');
  await A.ok('SELECT INBOX');
  A.send('i IDLE\r\n');
  await A.until('+');
  for (const count of [1, 2, 3]) {
    expect(await B.append('INBOX', 'x')).toMatch(/^OK/);
    await A.until(`* ${count} EXISTS`);
  }
  A.send('DONE\r\n');
  expect((await A.reply('i')).result).toMatch(/^OK/);
  A.close();
  B.close();
});

test('commands sent in the clear right behind COMPRESS are run, and answered compressed', async () => {
  const A = await server.signIn('ann');
  A.send('c COMPRESS DEFLATE\r\np STATUS INBOX (UNSEEN)\r\nq NOOP\r\n');
  expect(await A.line()).toMatch(/^c OK/);
  A.deflate();
  expect((await A.reply('p')).untagged).toHaveLength(1);
  expect((await A.reply('q')).result).toMatch(/^OK/);
  await A.ok('NOOP');
  A.close();
});

test.each([
  ['text', () => 'all work and no play\r\n'.repeat(20 * 1024 * 50)],
  ['noise', () => `${randomBytes(15 * MIB).toString('base64')}\r\n`],
])('20 MB of %s there and back, to a slow reader, at a bounded cost', { timeout: 60_000 }, async (name, make) => {
  const message = `Subject: large\r\n\r\n${make()}`;
  const A = await compressed(name);
  const appended = A.append('INBOX', message);
  expect(await worstUntil(appended)).toBeLessThan(512 * 1024);
  expect(await appended).toMatch(/^OK/);
  A.close();

  const B = await server.signIn(name);
  await B.ok('SELECT INBOX');
  await B.ok('COMPRESS DEFLATE');
  const source = B.deflate().removeAllListeners('data');
  const got: Buffer[] = [];
  const end = Buffer.from('\r\nf OK FETCH completed.\r\n');
  const whole = new Promise<void>((resolve) => {
    source.on('data', (chunk: Buffer) => {
      got.push(chunk);
      source.pause();
      setImmediate(() => source.resume());
      if (Buffer.concat(got.slice(-2)).subarray(-end.length).equals(end)) resolve();
    });
  });
  B.send('f FETCH 1 (BODY.PEEK[])\r\n');
  expect(await worstUntil(whole)).toBeLessThan(512 * 1024);
  const octets = Buffer.concat(got).toString('latin1');
  expect(octets === `* 1 FETCH (BODY[] {${message.length}}\r\n${message})${end}`).toBe(true);
  B.close();
});

test('a bomb behind a command that cannot go on is inflated no further than a bound', async () => {
  const A = await server.signIn('noise');
  await A.ok('SELECT INBOX');
  await A.ok('COMPRESS DEFLATE');
  A.socket.on('error', () => {});
  A.socket.removeAllListeners('data').pause(); // nothing is read: FETCH cannot go on, everything behind it waits
  const bomb = deflated(`f FETCH 1 (BODY.PEEK[])\r\n${'n NOOP\r\n'.repeat(8 * MIB)}`);
  expect(bomb.length).toBeLessThan(MIB / 2);
  const before = server.listener.connections.size;
  A.send(bomb);
  let worst = 0;
  // In the end the server hangs up on a client that takes nothing.
  while (server.listener.connections.size >= before) {
    worst = Math.max(worst, held());
    await new Promise((resolve) => setImmediate(resolve)); // every turn: the moment of the most must not be missed
  }
  expect(worst).toBeGreaterThan(CONNECTION.incoming / 2); // so it was seen; how much more depends on where a turn ends
  expect(worst).toBeLessThan(MIB);
  A.close();
});

test('a line without an end is skipped however long it inflates', async () => {
  const A = await compressed('ann');
  A.send('x'.repeat(64 * MIB));
  A.send('\r\n');
  const answer = A.command('NOOP');
  expect(await worstUntil(answer)).toBeLessThan(512 * 1024);
  expect((await answer).result).toMatch(/^OK/);
  A.close();
});

test('what is no deflate ends the connection with BYE', async () => {
  const A = await raw('ann');
  A.send(Buffer.concat([deflated('a NOOP\r\n'), Buffer.alloc(64, 0xff)]));
  A.deflate();
  expect((await A.until('* BYE')).at(-1)).toBe('* BYE What was sent is not deflate data.');
  expect(await A.line()).toBeUndefined();
});

test('octets changed on the way end the connection, or are commands', async () => {
  const good = deflated(Array.from({ length: 50 }, (_, n) => `n${n} NOOP\r\n`).join(''));
  for (let at = 0; at < good.length; at += 7) {
    const A = await raw('ann');
    const bad = Buffer.from(good);
    bad.writeUInt8(bad.readUInt8(at) ^ 0x10, at);
    A.socket.end(bad);
    A.deflate();
    while ((await A.line()) !== undefined);
  }
});

test.each([
  ['within a block', deflated('a NOOP\r\nb NOOP\r\n')],
  ['with a final block', deflateRawSync('a NOOP\r\nb NOOP\r\n')],
])('a client may end its stream %s', async (_, octets) => {
  const A = await raw('ann');
  A.socket.end(octets);
  A.deflate();
  expect((await A.reply('a')).result).toMatch(/^OK/);
  expect((await A.reply('b')).result).toMatch(/^OK/);
  expect(await A.line()).toBeUndefined();
});

test('it does not matter where the octets are cut', async () => {
  const A = await raw('ann');
  A.socket.setNoDelay(true);
  const deflater = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
  const octets: Buffer[] = [];
  deflater.on('data', (chunk: Buffer) => octets.push(chunk));
  for (const text of ['a NOOP\r\n', 'b APPEND INBOX {5+}\r\nhe', 'llo\r\nc STATUS INBOX (MESSAGES)\r\n']) {
    await new Promise((resolve) => deflater.write(text, resolve));
  }
  const { socket } = A;
  A.deflate();
  for (const octet of Buffer.concat(octets)) {
    await new Promise((resolve) => socket.write(Uint8Array.of(octet), resolve));
  }
  for (const tag of ['a', 'b', 'c']) expect((await A.reply(tag)).result).toMatch(/^OK/);
  A.close();
});
