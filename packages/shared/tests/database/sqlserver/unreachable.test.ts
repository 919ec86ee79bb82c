import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { secret } from '../../../src/config/secret.ts';
import { openControl } from '../../../src/database/index.ts';
import { openSqlServerControl } from '../../../src/database/sqlserver/control.ts';
import { makeSessions, type SqlServerLocation } from '../../../src/database/sqlserver/index.ts';

const at = (port: number): SqlServerLocation => ({
  kind: 'mssql',
  host: '127.0.0.1',
  port,
  database: 'insights',
  user: 'sa',
  password: secret('hunter2'),
  encrypt: true,
  trustServerCertificate: true,
});

/** A server that accepts connections, counts them, and does with each what it is told. */
async function startPeer(greet: (socket: Socket) => void) {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    greet(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  onTestFinished(close);
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { port, connections: () => connections, close };
}

test('a server that refuses connections is named by host, port and key, and its password by nothing', async () => {
  const peer = await startPeer(() => {});
  await peer.close();
  const result = await openControl(at(peer.port));
  if (result.ok) throw new Error('opened');
  expect(result.error.code).toBe('cannot-open');
  expect(result.error.message).toContain(`127.0.0.1:${peer.port}`);
  expect(result.error.message).toContain('insights.database');
  expect(result.error.message).toContain('ECONNREFUSED');
  expect(JSON.stringify(result)).not.toContain('hunter2');
});

test('a peer that accepts and never answers is given up', async () => {
  const peer = await startPeer((socket) => socket.resume());
  const result = await openSqlServerControl(at(peer.port), Date.now, { connectTimeoutMs: 300 });
  if (result.ok) throw new Error('opened');
  expect(result.error.code).toBe('cannot-open');
  expect(result.error.message).toContain('300ms');
  expect(result.error.message).not.toContain('hunter2');
});

test('a peer that speaks something else, or hangs up, is an error and no crash', async () => {
  for (const greet of [
    (socket: Socket) => void socket.end('220 mail.example.net ESMTP\r\n'),
    (s: Socket) => s.destroy(),
  ]) {
    const peer = await startPeer(greet);
    const result = await openSqlServerControl(at(peer.port), Date.now, { connectTimeoutMs: 2000 });
    expect(result).toMatchObject({ ok: false, error: { code: 'cannot-open' } });
  }
});

test('while a server is gone, statements fail at once instead of connecting each', async () => {
  const peer = await startPeer((socket) => socket.destroy());
  let now = 0;
  const sessions = makeSessions(at(peer.port), { size: 2, now: () => now });
  const ask = () => sessions.run({ text: 'SELECT 1 AS one;' });
  const lost = { name: 'SqlServerError', kind: 'transient', connectionLost: true };
  await expect(ask()).rejects.toMatchObject(lost);
  const tried = peer.connections();
  expect(tried).toBeGreaterThan(0);
  await Promise.all(Array.from({ length: 10 }, () => expect(ask()).rejects.toMatchObject(lost)));
  expect(peer.connections()).toBe(tried);
  now += 60_000;
  await expect(ask()).rejects.toMatchObject(lost);
  expect(peer.connections()).toBeGreaterThan(tried);
  await sessions.close();
  await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' });
});
