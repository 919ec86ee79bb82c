import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { ensureCertificates } from '@scorpiox/shared/certificates';
import { beforeAll, describe, expect, it } from 'vitest';
import { connectImap, type Security } from '../../src/ops/imap-client/connect.ts';
import { imapFailure } from '../../src/ops/imap-client/errors.ts';
import { signIn } from '../../src/ops/imap-client/sign-in.ts';
import { startPeer, type Talk, tagOf } from '../support/imap-peer.ts';

let tls: { readonly cert: string; readonly key: string };
let ca: string;
let otherCa: string;

async function makeCertificates() {
  const folder = await mkdtemp(join(tmpdir(), 'scorpiox-ca-'));
  const { certFile, keyFile, caFile } = await ensureCertificates({ folder });
  const read = (file: string) => readFile(file, 'utf8');
  const made = { cert: await read(certFile), key: await read(keyFile), ca: await read(caFile) };
  await rm(folder, { recursive: true });
  return made;
}

const problem = (name: string, text: RegExp = /./) =>
  expect.objectContaining({ problem: name, message: expect.stringMatching(text) });
const ok: Talk = (line) => `${tagOf(line)} OK\r\n`;
const at = (port: number, security: Security, more: object = {}) => ({ host: '127.0.0.1', port, security, ...more });

describe('TLS', () => {
  beforeAll(async () => {
    const [ours, others] = [await makeCertificates(), await makeCertificates()];
    tls = ours;
    ca = ours.ca;
    otherCa = others.ca;
  });

  it('is there from the first octet on, for whoever is trusted', async () => {
    const { port } = await startPeer(ok, { tls });
    const { client, greeting, tls: facts } = await connectImap(at(port, 'tls', { ca }));
    expect(greeting).toBe('peer');
    expect(facts?.protocol).toMatch(/^TLS/);
    expect(facts?.validTo.getTime()).toBeGreaterThan(0);
    await client.logout();
  });

  it('is not for others', async () => {
    const { port } = await startPeer(ok, { tls });
    await expect(connectImap(at(port, 'tls', { ca: otherCa }))).rejects.toEqual(problem('certificate', /--ca/));
    await expect(connectImap(at(port, 'tls'))).rejects.toEqual(problem('certificate', /--ca/));
    const plain = await startPeer(ok);
    await expect(connectImap(at(plain.port, 'tls', { ca }))).rejects.toEqual(problem('unreachable', /TLS/));
  });

  /** Upgrades where it is asked to. */
  const startTls =
    (said: (tag: string) => string): Talk =>
    (line, socket) => {
      if (!line.endsWith('STARTTLS')) return `* CAPABILITY IMAP4rev1\r\n${tagOf(line)} OK\r\n`;
      socket.removeAllListeners('data');
      socket.write(said(tagOf(line)));
      const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(tls) });
      secure.on('error', () => secure.destroy());
      secure.on('data', (chunk) => secure.write(`* CAPABILITY IMAP4rev1 SECOND\r\n${tagOf(chunk.toString())} OK\r\n`));
      return undefined;
    };
  const greeting = '* OK [CAPABILITY IMAP4rev1 STARTTLS FIRST] peer\r\n';

  it('begins with STARTTLS, and forgets what was said before', async () => {
    const { port } = await startPeer(
      startTls((tag) => `${tag} OK\r\n`),
      { greeting },
    );
    const { client, tls: facts } = await connectImap(at(port, 'starttls', { ca }));
    expect(facts?.protocol).toMatch(/^TLS/);
    expect([...client.capabilities]).toEqual(['IMAP4REV1', 'SECOND']);
    client.close();
  });

  it('what comes between STARTTLS and TLS is an attack', async () => {
    const { port } = await startPeer(
      startTls((tag) => `${tag} OK\r\n* PREAUTH welcome\r\n`),
      { greeting },
    );
    await expect(connectImap(at(port, 'starttls', { ca }))).rejects.toEqual(problem('protocol', /between STARTTLS/));
  });

  it('is not forgone where it is not offered', async () => {
    const { port } = await startPeer(ok);
    await expect(connectImap(at(port, 'starttls', { ca }))).rejects.toEqual(problem('insecure', /no STARTTLS/));
  });
});

async function nobodysPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('who cannot be reached', () => {
  it('nobody listens', async () => {
    const failed = await connectImap(at(await nobodysPort(), 'none')).catch((error) => error);
    expect(failed).toEqual(problem('unreachable', /nobody listens/));
    expect(imapFailure(failed).kind).toBe('unavailable');
  });

  it('who speaks something else', async () => {
    const { port } = await startPeer(ok, { greeting: 'SSH-2.0-OpenSSH\r\n' });
    await expect(connectImap(at(port, 'none'))).rejects.toEqual(problem('protocol'));
  });

  it('who turns us away', async () => {
    const { port } = await startPeer(ok, { greeting: '* BYE too many\r\n' });
    await expect(connectImap(at(port, 'none'))).rejects.toEqual(problem('closed', /turns us away: too many/));
  });

  it('who is wanted no more', async () => {
    const { port } = await startPeer(() => undefined);
    const stop = new AbortController();
    const { client } = await connectImap(at(port, 'none'), { signal: stop.signal });
    const answer = client.run(['NOOP']);
    stop.abort();
    await expect(answer).rejects.toEqual(problem('stopped'));
    await expect(connectImap(at(port, 'none'), { signal: stop.signal })).rejects.toEqual(problem('stopped'));
  });
});

describe('signing in', () => {
  const credentials = { user: 'ann "a"', password: 'pässword' };
  const plain = Buffer.from(`\0${credentials.user}\0${credentials.password}`).toString('base64');
  const encoded = (text: string) => Buffer.from(text).toString('base64');

  it.each<[string, readonly string[]]>([
    ['SASL-IR AUTH=PLAIN LITERAL+', [`A1 AUTHENTICATE PLAIN ${plain}`]],
    ['AUTH=PLAIN AUTH=LOGIN', ['A1 AUTHENTICATE PLAIN', plain]],
    ['LITERAL+', ['A1 LOGIN "ann \\"a\\"" {9+}', Buffer.from('pässword').toString('latin1')]],
    ['', ['A1 LOGIN "ann \\"a\\"" {9}', Buffer.from('pässword').toString('latin1')]],
    ['LOGINDISABLED AUTH=LOGIN', ['A1 AUTHENTICATE LOGIN', encoded(credentials.user), encoded(credentials.password)]],
  ])('as the server has it: %s', async (capabilities, expected) => {
    let count = 0;
    const talk: Talk = (line) => {
      count += 1;
      if (count === expected.length) return 'A1 OK [CAPABILITY IMAP4rev1 IN] welcome\r\n';
      return line.endsWith('+}') ? undefined : '+ \r\n';
    };
    const peer = await startPeer(talk, { greeting: `* OK [CAPABILITY IMAP4rev1 ${capabilities}] peer\r\n` });
    const { client } = await connectImap(at(peer.port, 'none'));
    await signIn(client, credentials);
    expect(peer.lines).toEqual(expected);
    expect(client.capabilities.has('IN')).toBe(true);
    client.close();
  });

  it.each([
    ['NO [AUTHENTICATIONFAILED] wrong', 'sign-in-refused', 'not-permitted'],
    ['NO no', 'sign-in-refused', 'not-permitted'],
    ['NO [UNAVAILABLE] later', 'refused', 'try-again'],
    ['BAD what', 'refused', 'error'],
  ])('%s', async (said, name, kind) => {
    const { port } = await startPeer((line) => `${tagOf(line)} ${said}\r\n`);
    const { client } = await connectImap(at(port, 'none'));
    const failed = await signIn(client, credentials).catch((error) => error);
    expect(failed).toEqual(problem(name));
    expect(failed.message).not.toContain(credentials.password);
    expect(imapFailure(failed).kind).toBe(kind);
    client.close();
  });

  it('not where there is no way', async () => {
    const { port } = await startPeer(ok, { greeting: '* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] peer\r\n' });
    const { client } = await connectImap(at(port, 'none'));
    await expect(signIn(client, credentials)).rejects.toEqual(problem('insecure'));
    client.close();
  });
});
