/** Connections and sign-ins that are turned away. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { CONNECTION } from '../../src/limits.ts';
import { Client } from '../support/client.ts';
import { startServer } from '../support/server.ts';

const openSockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

test('connections that are too many leave nothing behind, though they have spoken', async () => {
  const server = await startServer({ ...CONNECTION, connections: 1 });
  const first = await server.connect();
  const before = openSockets();
  for (let n = 0; n < 10; n += 1) {
    const extra = await Client.plain(server.port);
    extra.send('a LOGIN ann secret\r\n');
    expect(await extra.line()).toMatch(/^\* BYE \[UNAVAILABLE\]/);
    while ((await extra.line()) !== undefined);
    extra.close();
  }
  await vi.waitFor(() => expect(openSockets()).toBe(before), { timeout: 10_000 });
  first.close();
  await server.stop();
});

test('TLS handshakes that never end are bounded', async () => {
  const server = await startServer({ ...CONNECTION, connections: 2, refusals: 1 });
  const silent = [];
  for (let n = 0; n < 3; n += 1) {
    const socket = connect(server.tlsPort, '127.0.0.1');
    await once(socket, 'connect');
    silent.push(socket);
  }
  const extra = connect(server.tlsPort, '127.0.0.1');
  extra.on('error', () => {}); // a reset is one way to be dropped
  await once(extra, 'close');
  expect(silent.every((socket) => !socket.closed && !socket.readableEnded)).toBe(true);
  for (const socket of silent) socket.destroy();
  await server.stop();
});

test('a refused sign-in is logged with its address, and with neither name nor password', async () => {
  const server = await startServer();
  const client = await server.connect();
  expect((await client.command('LOGIN private-name private-password')).result).toMatch(/^NO/);
  await client.ok('LOGOUT');
  await server.stop();
  const refused = server.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'sign-in refused');
  expect(refused).toEqual([expect.objectContaining({ level: 30, address: '127.0.0.1' })]);
  expect(server.log.join('')).not.toContain('private');
});
