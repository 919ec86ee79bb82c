import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { renewCertificate } from '@scorpiox/shared/certificates';
import { expect, onTestFinished, test, vi } from 'vitest';
import { countStored, prepareData } from './helpers/control.ts';
import { nativeRequest } from './helpers/events.ts';
import { temporaryFolder } from './helpers/folder.ts';
import { startProgram } from './helpers/process.ts';

/** The program looks every two seconds, on a machine that may be busy. */
const PATIENTLY = { timeout: 30_000, interval: 200 };

const environment = (folder: string, more: Record<string, string> = {}) => ({
  SCORPIOX_DATA_DIR: folder,
  SCORPIOX_INSIGHTS_PORT: '0',
  ...more,
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it cleanly, with what was answered on disk', async (signal) => {
  const folder = temporaryFolder();
  const { file, key, token } = await prepareData(folder);
  const api = startProgram('src/main.ts', [], environment(folder));
  const address = await api.address();
  const body = JSON.stringify([nativeRequest({ time: new Date().toISOString() })]);
  const sent = await fetch(`${address}/api/ingest`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${key}` },
  });
  expect(sent.status).toBe(200);
  // A stream without an end does not hold it up: it is told that this is the end.
  const live = await fetch(`${address}/api/live`, { headers: { authorization: `Bearer ${token}` } });
  api.child.kill(signal);
  expect(await live.text()).toContain('event: end\ndata: {"reason":"stopping"}');
  expect(await api.ended).toEqual([0, null]);
  expect(countStored(file).events).toBe(1);
  expect(api.output()).not.toContain(key);
});

test('it stops when the process that started it is gone', async () => {
  const api = startProgram('src/main.ts', [], environment(temporaryFolder()));
  await api.address();
  api.child.disconnect();
  expect(await api.ended).toEqual([0, null]);
});

test('a port in use is named with the key that sets it', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const taken = holder.address();
  const port = typeof taken === 'object' ? String(taken?.port) : '';
  const api = startProgram('src/main.ts', [], environment(temporaryFolder(), { SCORPIOX_INSIGHTS_PORT: port }));
  expect(await api.ended).toEqual([69, null]);
  expect(api.output()).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is in use.*insights\\.port`));
});

test('with a TLS port it speaks HTTPS there as well, under a certificate of the local authority', async () => {
  const folder = temporaryFolder();
  const { key } = await prepareData(folder);
  const api = startProgram('src/main.ts', [], environment(folder, { SCORPIOX_INSIGHTS_TLS_PORT: '0' }));
  await api.address();
  const secure = /https:\/\/127\.0\.0\.1:\d+/.exec(api.output())?.[0] ?? '';
  const ca = readFileSync(join(folder, 'tls/ca.pem'));
  const options = { ca, method: 'POST', headers: { authorization: `Bearer ${key}` } };
  const sent = request(`${secure}/api/ingest`, options);
  sent.end(JSON.stringify([nativeRequest({ time: new Date().toISOString() })]));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  expect(await text(answer)).toBe('{"received":1,"accepted":1,"duplicates":0,"errors":[]}');
  const refused = request(`${secure}/healthz`, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ca }).end();
  await expect(once(refused, 'response')).rejects.toThrow();
  const before = await fingerprintOf(secure, ca);
  await renewCertificate({ folder: join(folder, 'tls'), newKey: true, now: Date.now() });
  await vi.waitFor(async () => {
    const renewed = new X509Certificate(readFileSync(join(folder, 'tls/server.pem'))).fingerprint256;
    expect(renewed).not.toBe(before);
    expect(await fingerprintOf(secure, ca)).toBe(renewed);
  }, PATIENTLY);
  // A connection that is kept open and idle does not hold up the stop.
  api.child.kill('SIGTERM');
  expect(await api.ended).toEqual([0, null]);
});

/** Of the certificate that is served to who connects now. */
async function fingerprintOf(url: string, ca: Buffer): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), servername: 'localhost', ca });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

test.each([
  ['not there', 'cannot be used'],
  ['no certificate', 'cannot be used'],
])('a certificate that is %s is named with its keys', async (what, said) => {
  const folder = temporaryFolder();
  const cert = join(folder, 'cert.pem');
  if (what !== 'not there') writeFileSync(cert, 'nothing');
  const more = { SCORPIOX_INSIGHTS_TLS_PORT: '0', SCORPIOX_INSIGHTS_TLS_CERT: cert, SCORPIOX_INSIGHTS_TLS_KEY: cert };
  const api = startProgram('src/main.ts', [], environment(folder, more));
  expect(await api.ended).toEqual([69, null]);
  expect(api.output()).toContain(`insights.tls_cert ${cert}`);
  expect(api.output()).toContain(said);
});

test('a TLS port in use is named with the key that sets it', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const taken = holder.address();
  const port = typeof taken === 'object' ? String(taken?.port) : '';
  const api = startProgram('src/main.ts', [], environment(temporaryFolder(), { SCORPIOX_INSIGHTS_TLS_PORT: port }));
  expect(await api.ended).toEqual([69, null]);
  expect(api.output()).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is in use.*insights\\.tls_port`));
});

test('an unknown key of the configuration is named', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'scorpiox.toml');
  writeFileSync(config, '[insights]\nprot = 8080\n');
  const api = startProgram('src/main.ts', ['--config', config], environment(folder));
  expect(await api.ended).toEqual([64, null]);
  expect(api.output()).toContain('insights.prot');
});

test('an unknown option is a usage error', async () => {
  const api = startProgram('src/main.ts', ['--nonsense'], environment(temporaryFolder()));
  expect(await api.ended).toEqual([64, null]);
  expect(api.output()).toContain('usage:');
});

test('a database that it cannot use is named, without its password', async () => {
  const database = 'mssql://sa:hunter2@127.0.0.1:1/insights';
  const api = startProgram('src/main.ts', [], environment(temporaryFolder(), { SCORPIOX_INSIGHTS_DATABASE: database }));
  expect(await api.ended).toEqual([69, null]);
  expect(api.output()).toContain('insights.database');
  expect(api.output()).not.toContain('hunter2');
});

test('accounts that it cannot open are named in a sentence', async () => {
  const folder = temporaryFolder();
  const accounts = join(folder, 'accounts.db');
  mkdirSync(accounts);
  const api = startProgram('src/main.ts', [], environment(folder));
  expect(await api.ended).toEqual([69, null]);
  expect(api.output()).toContain(`The accounts in ${accounts} cannot be used`);
  expect(api.output()).not.toMatch(/^ +at /m);
});
