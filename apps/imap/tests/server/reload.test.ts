/** A certificate that is renewed while the server runs. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { ensureCertificates } from '@scorpiox/shared/certificates';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let folder: string;
beforeEach(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), 'tls-'));
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  expect(server.errors).toEqual([]);
});

function fingerprint({ socket }: Client): string | undefined {
  return socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : undefined;
}

/** Puts the files of another authority in the place of the server's, or some of them. */
async function exchange(which: readonly ('certFile' | 'keyFile')[]): Promise<string> {
  const made = await ensureCertificates({ folder });
  for (const one of which) await writeFile(server.tlsFiles[one], await readFile(made[one]));
  return made.caFile;
}

test('new connections get the new one, on either port; old ones stay', async () => {
  const before = await server.signIn('alice');
  const starting = await Client.plain(server.port);
  await starting.line();
  const ca = await exchange(['certFile', 'keyFile']);
  const report = await server.operator.reload();
  const after = await Client.overTls(server.tlsPort, ca);
  expect(fingerprint(after)).not.toBe(fingerprint(before));
  expect(report).toMatchObject({
    ok: true,
    certificate: { sha256: fingerprint(after), names: expect.stringMatching(/localhost/) },
  });
  await starting.ok('STARTTLS');
  await starting.secure(ca);
  expect(fingerprint(starting)).toBe(fingerprint(after));
  await before.ok('NOOP');
});

test.each([
  ['a key that belongs to another', ['keyFile'] as const, /key/],
  ['a certificate that belongs to another', ['certFile'] as const, /key/],
])('%s is told, and the old pair stays in use', async (_, which, why) => {
  await exchange(which);
  expect(await server.operator.reload()).toMatchObject({ ok: false, message: expect.stringMatching(why) });
  const client = await server.connect();
  await client.ok('NOOP');
});

test.each(['', 'no PEM\n'])('a file of %j is told', async (text) => {
  await writeFile(server.tlsFiles.certFile, text);
  expect(await server.operator.reload()).toMatchObject({ ok: false });
  await (await server.connect()).ok('NOOP');
  await rm(server.tlsFiles.certFile);
  expect(await server.operator.reload()).toMatchObject({ ok: false, message: expect.stringMatching(/ENOENT/) });
});
