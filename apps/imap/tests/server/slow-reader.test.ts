/** Large mails to slow clients: the partial write that hung, and the buffer that grew. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONNECTION } from '../../src/limits.ts';
import type { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';

const SIZE = 16 * 1024 * 1024;
const LINE = `${'x'.repeat(62)}\r\n`;
const MESSAGE = `Subject: large\r\n\r\n${LINE.repeat(SIZE / LINE.length)}`;

/** Has patience with a client whose machine is busy: between two drains of a socket lie megabytes of the kernel's. */
let patient: TestServer;
let impatient: TestServer;
beforeAll(async () => {
  patient = await startServer();
  impatient = await startServer({ ...CONNECTION, stalled: 1000 });
});
afterAll(async () => {
  for (const server of [patient, impatient]) {
    await server.stop();
    expect(server.errors).toEqual([]);
  }
});

const held = (server: TestServer) => Math.max(...[...server.listener.connections].map((connection) => connection.held));

/** A session with the message in its INBOX, which is selected. */
async function withMessage(server: TestServer, user: string): Promise<Client> {
  const client = await server.signIn(user);
  expect(await client.append('INBOX', MESSAGE)).toMatch(/^OK/);
  await client.ok('SELECT INBOX');
  return client;
}

test('a client that reads a little at a time gets all of it, and costs a bounded buffer', async () => {
  const A = await withMessage(patient, 'slow');
  const B = await patient.signIn('slow');
  await B.ok('SELECT INBOX');

  const { socket } = A;
  const got: Buffer[] = [];
  let worst = 0;
  const end = Buffer.from('\r\nf OK FETCH completed.\r\n');
  const whole = new Promise<void>((resolve) => {
    socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
      got.push(chunk);
      worst = Math.max(worst, held(patient));
      socket.pause();
      // As slow as four KiB a millisecond.
      setTimeout(() => socket.resume(), chunk.length / 4096);
      if (Buffer.concat(got.slice(-3)).subarray(-end.length).equals(end)) resolve();
    });
  });
  socket.write('f FETCH 1 (BODY.PEEK[])\r\n');
  let isWhole = false;
  whole.then(() => {
    isWhole = true;
  });
  let others = 0;
  // The other session works meanwhile: it must not wait for this one.
  for (; !isWhole; others += 1) expect((await B.command('FETCH 1 (UID)')).result).toMatch(/^OK/);
  expect(others).toBeGreaterThan(10);
  const octets = Buffer.concat(got).toString('latin1');
  expect(octets === `* 1 FETCH (BODY[] {${MESSAGE.length}}\r\n${MESSAGE})${end}`).toBe(true);
  expect(worst).toBeLessThan(512 * 1024);
  A.close();
});

test('a client that takes nothing is hung up on, and its session let go', async () => {
  const A = await withMessage(impatient, 'still');
  A.socket.removeAllListeners('data').pause();
  A.socket.write('f FETCH 1 (BODY.PEEK[])\r\n');
  const before = impatient.listener.connections.size;
  while (impatient.listener.connections.size >= before) {
    expect(held(impatient)).toBeLessThan(512 * 1024);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  A.close();
});

test('a client that floods a busy session is read no further than a bound', async () => {
  const A = await withMessage(impatient, 'flood');
  A.socket.on('error', () => {});
  // FETCH cannot go on, as nothing is read; everything behind it waits.
  A.socket.removeAllListeners('data').pause();
  A.socket.write('f FETCH 1 (BODY.PEEK[])\r\n');
  const flood = Buffer.from('n NOOP\r\n'.repeat(8192));
  for (let n = 0; n < 200; n += 1) A.socket.write(flood);
  const before = impatient.listener.connections.size;
  while (impatient.listener.connections.size >= before) {
    expect(held(impatient)).toBeLessThan(1024 * 1024);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  A.close();
});
