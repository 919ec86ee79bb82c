import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONNECTION } from '../../src/limits.ts';
import { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';

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
