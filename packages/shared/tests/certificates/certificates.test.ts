import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { type CertificateFiles, type CertificateOptions, ensureCertificates } from '../../src/certificates/index.ts';
import { temporaryFolder } from '../folders.ts';

const run = promisify(execFile);
const DAY = 86_400_000;
/** The real time, for the clients below go by it. */
const NOW = Date.now();

/** Certificates of a moment. */
const ensure = (folder: string, now = NOW, more: Partial<CertificateOptions> = {}) =>
  ensureCertificates({ folder, now: () => now, ...more });

const read = (file: string) => readFileSync(file, 'utf8');
const leafOf = (files: CertificateFiles) => new X509Certificate(read(files.certFile));
const caOf = (files: CertificateFiles) => new X509Certificate(read(files.caFile));

describe('what is made', () => {
  test('is a CA of ten years and a leaf of at most 825 days for the local names and the given ones', async () => {
    const files = await ensure(temporaryFolder(), NOW, { hostNames: ['mail.example.net', '192.0.2.1', 'localhost'] });
    const [leaf, ca] = [leafOf(files), caOf(files)];
    const life = (certificate: X509Certificate) =>
      (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / DAY;
    expect(Math.round(life(ca))).toBe(3650);
    expect(life(leaf)).toBeLessThanOrEqual(825);
    expect(life(leaf)).toBeGreaterThan(800);
    expect(leaf.validFromDate.getTime()).toBeLessThan(NOW);
    expect(leaf.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:mail.example.net, IP Address:192.0.2.1',
    );
    expect([ca.ca, leaf.ca]).toEqual([true, false]);
    expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  test('lies in a folder of 0700, keys 0600, the chain with the CA behind the leaf, nothing else left behind', async () => {
    const folder = join(temporaryFolder(), 'a/tls');
    const files = await ensure(folder);
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(readdirSync(folder).sort()).toEqual(['ca.key', 'ca.pem', 'server.key', 'server.pem']);
    expect([folder, files.keyFile, join(folder, 'ca.key')].map(mode)).toEqual([0o700, 0o600, 0o600]);
    expect(read(files.certFile).endsWith(read(files.caFile))).toBe(true);
    expect(read(files.certFile).match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  test('no two CAs share name or serial number', async () => {
    const [one, other] = [caOf(await ensure(temporaryFolder())), caOf(await ensure(temporaryFolder()))];
    expect(one.subject).not.toBe(other.subject);
    expect(one.serialNumber).not.toBe(other.serialNumber);
  });
});

describe('what is kept', () => {
  /** The folder's files by name. */
  const contents = (folder: string) =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, read(join(folder, name))]));

  test('everything, while it is good; modes that somebody loosened are mended', async () => {
    const folder = temporaryFolder();
    const files = await ensure(folder);
    const before = contents(folder);
    chmodSync(files.keyFile, 0o644);
    await ensure(folder, NOW + 400 * DAY);
    expect(contents(folder)).toEqual(before);
    expect(statSync(files.keyFile).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['two thirds of its life are over', 560],
    ['it has expired', 830],
  ])('the leaf is renewed when %s; keys and CA stay, so that nobody has to trust anew', async (_, days) => {
    const folder = temporaryFolder();
    const files = await ensure(folder);
    const before = contents(folder);
    const later = NOW + days * DAY;
    await ensure(folder, later);
    const { 'server.pem': chain, ...rest } = contents(folder);
    expect({ ...rest, 'server.pem': before['server.pem'] }).toEqual(before);
    expect(chain).not.toBe(before['server.pem']);
    expect(leafOf(files).validToDate.getTime()).toBeGreaterThan(later + 800 * DAY);
  });

  test('what was made by a clock far ahead is made again, and a leaf that lacks a name', async () => {
    const folder = temporaryFolder();
    await ensure(folder, NOW + 300 * DAY);
    const files = await ensure(folder);
    for (const certificate of [leafOf(files), caOf(files)])
      expect(certificate.validFromDate.getTime()).toBeLessThan(NOW);
    await ensure(folder, NOW, { hostNames: ['mail.example.net'] });
    expect(leafOf(files).checkHost('mail.example.net')).toBeDefined();
  });

  test('the CA is renewed before a leaf would outlive it, with its key: who trusts the old one accepts new leaves', async () => {
    const folder = temporaryFolder();
    const files = await ensure(folder);
    const old = caOf(files);
    const later = NOW + 3000 * DAY;
    await ensure(folder, later);
    expect(caOf(files).validToDate.getTime()).toBeGreaterThan(later + 3600 * DAY);
    expect(read(files.certFile).endsWith(read(files.caFile))).toBe(true);
    expect(leafOf(files).checkIssued(old) && leafOf(files).verify(old.publicKey)).toBe(true);
  });

  test.each([
    'server.key',
    'server.pem',
    'ca.pem',
    'ca.key',
  ])('without %s the rest fits together again', async (name) => {
    const folder = temporaryFolder();
    const files = await ensure(folder);
    rmSync(join(folder, name));
    await ensure(folder);
    const leaf = leafOf(files);
    expect(leaf.verify(caOf(files).publicKey)).toBe(true);
    await handshake(files);
  });

  test('a damaged certificate is made anew, a damaged key is for a person to look at', async () => {
    const folder = temporaryFolder();
    const files = await ensure(folder);
    for (const file of [files.certFile, files.caFile]) writeFileSync(file, read(file).slice(0, 500));
    await ensure(folder);
    await handshake(files);
    writeFileSync(files.keyFile, read(files.keyFile).slice(0, 500));
    await expect(ensure(folder)).rejects.toThrow(`${files.keyFile} is no RSA private key`);
  });
});

describe('several at once', () => {
  test('in one process', async () => {
    const folder = temporaryFolder();
    const all = await Promise.all(Array.from({ length: 4 }, () => ensure(folder)));
    for (const files of all) await handshake(files);
    expect(readdirSync(folder)).toHaveLength(4);
  });

  test('processes that start at the same moment agree on one CA and one key', async () => {
    const folder = temporaryFolder();
    const script = `const { ensureCertificates } = await import(process.argv[1]);
      const { readFileSync } = await import('node:fs');
      const files = await ensureCertificates({ folder: process.argv[2] });
      process.stdout.write(readFileSync(files.caFile, 'utf8') + readFileSync(files.keyFile, 'utf8'));`;
    const module = new URL('../../src/certificates/index.ts', import.meta.url).href;
    const starts = Array.from({ length: 3 }, () =>
      run(process.execPath, ['--input-type=module', '-e', script, module, folder]),
    );
    const seen = (await Promise.all(starts)).map(({ stdout }) => stdout);
    expect(new Set(seen).size).toBe(1);
    await handshake(await ensureCertificates({ folder }));
  });
});

/** A TLS server on these files, closed after the test. */
async function serve(files: CertificateFiles): Promise<number> {
  const server = createServer({ cert: read(files.certFile), key: read(files.keyFile) }, (socket) => {
    socket.on('error', () => socket.destroy()); // a client that hangs up first is fine here
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  // A server that listens on a host has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

/** Node accepts server and name, trusting nothing but the CA. */
async function handshake(files: CertificateFiles): Promise<void> {
  const port = await serve(files);
  const socket = connect({ host: '127.0.0.1', port, ca: read(files.caFile), servername: 'localhost' });
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
  socket.destroy();
}

describe('clients', () => {
  test('Node accepts them', async () => {
    await handshake(await ensureCertificates({ folder: temporaryFolder() }));
  });

  describeWith(['openssl'], 'OpenSSL', () => {
    test('accepts them in its strict mode, for each of the names', async () => {
      const { caFile, certFile } = await ensureCertificates({ folder: temporaryFolder() });
      const verify = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', caFile];
      for (const name of [
        ['-verify_hostname', 'localhost'],
        ['-verify_ip', '127.0.0.1'],
        ['-verify_ip', '::1'],
      ]) {
        expect((await run('openssl', [...verify, ...name, certFile])).stdout).toContain('OK');
      }
      await expect(run('openssl', [...verify, '-verify_hostname', 'example.net', certFile])).rejects.toThrow();
    });
  });

  describeWith(['curl'], 'curl', () => {
    test('accepts them', async () => {
      const files = await ensureCertificates({ folder: temporaryFolder() });
      const port = await serve(files);
      const { stdout } = await run('curl', [
        '-sS',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '--cacert',
        files.caFile,
        `https://127.0.0.1:${port}/`,
      ]);
      expect(stdout).toBe('200');
    });
  });

  describeWith(['python3'], 'Python', () => {
    test('accepts them with VERIFY_X509_STRICT', async () => {
      const files = await ensureCertificates({ folder: temporaryFolder() });
      const port = await serve(files);
      const script = `import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
with socket.create_connection(('127.0.0.1', int(sys.argv[2]))) as plain:
    with context.wrap_socket(plain, server_hostname='localhost') as tls:
        print(tls.version())`;
      const { stdout } = await run('python3', ['-c', script, files.caFile, String(port)]);
      expect(stdout).toContain('TLSv1.3');
    });
  });
});
