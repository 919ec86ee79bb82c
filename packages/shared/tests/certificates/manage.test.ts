import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CertificateWatch,
  certificateFiles,
  ensureCertificates,
  issueCertificate,
  namesOf,
  parseChain,
  parseHostName,
  readPair,
  renewCertificate,
} from '../../src/certificates/index.ts';
import { temporaryFolder } from '../folders.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-28T12:00:00Z');
const read = (file: string) => readFileSync(file, 'utf8');
const leafOf = (file: string) => new X509Certificate(read(file));
const LOCAL = ['localhost', '127.0.0.1', '::1'];

describe('issuing', () => {
  test('is for the names that are asked for and this machine’s own, with the key that is there', async () => {
    const folder = temporaryFolder();
    const { certFile, keyFile } = await ensureCertificates({ folder, now: () => NOW });
    const key = read(keyFile);
    await issueCertificate({ folder, hostNames: ['mail.example.net', '192.0.2.1', 'localhost'], now: NOW });
    expect(namesOf(leafOf(certFile))).toEqual([...LOCAL, 'mail.example.net', '192.0.2.1']);
    expect(leafOf(certFile).subject).toBe('CN=mail.example.net');
    expect(read(keyFile)).toBe(key);
    await issueCertificate({ folder, hostNames: ['other.example.net'], now: NOW });
    expect(namesOf(leafOf(certFile))).toEqual([...LOCAL, 'other.example.net']);
    await readPair({ certFile, keyFile });
  });

  test('into another folder: for those names alone, with a key of its own, and nothing of the authority’s changes', async () => {
    const [folder, into] = [temporaryFolder(), join(temporaryFolder(), 'for/elsewhere')];
    const ours = await ensureCertificates({ folder, now: () => NOW });
    const before = read(ours.certFile);
    const files = await issueCertificate({ folder, hostNames: ['shop.example.net'], into, now: NOW });
    expect(namesOf(leafOf(files.certFile))).toEqual(['shop.example.net']);
    expect(read(files.keyFile)).not.toBe(read(ours.keyFile));
    expect(read(files.caFile)).toBe(read(ours.caFile));
    expect(leafOf(files.certFile).verify(leafOf(ours.caFile).publicKey)).toBe(true);
    expect([into, files.keyFile].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
    expect(read(ours.certFile)).toBe(before);
  });

  test('what was issued keeps its names when it is renewed in time', async () => {
    const folder = temporaryFolder();
    const { certFile } = await issueCertificate({ folder, hostNames: ['mail.example.net', '2001:db8::1'], now: NOW });
    await ensureCertificates({ folder, now: () => NOW + 600 * DAY });
    expect(leafOf(certFile).validFromDate.getTime()).toBeGreaterThan(NOW + 599 * DAY);
    expect(namesOf(leafOf(certFile))).toEqual([...LOCAL, 'mail.example.net', '2001:db8::1']);
  });
});

describe('renewing', () => {
  test('makes another certificate for the same names and key, or for another key', async () => {
    const folder = temporaryFolder();
    const { certFile, keyFile } = await issueCertificate({ folder, hostNames: ['mail.example.net'], now: NOW });
    const [before, key] = [leafOf(certFile), read(keyFile)];
    await renewCertificate({ folder, newKey: false, now: NOW + DAY });
    expect(leafOf(certFile).serialNumber).not.toBe(before.serialNumber);
    expect(leafOf(certFile).publicKey.equals(before.publicKey)).toBe(true);
    expect(read(keyFile)).toBe(key);
    await renewCertificate({ folder, newKey: true, now: NOW + DAY });
    expect(namesOf(leafOf(certFile))).toEqual([...LOCAL, 'mail.example.net']);
    expect(read(keyFile)).not.toBe(key);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    await readPair({ certFile, keyFile });
  });

  test('that was cut off between key and certificate is mended by the next start, names and all', async () => {
    const folder = temporaryFolder();
    const { certFile, keyFile } = await issueCertificate({ folder, hostNames: ['mail.example.net'], now: NOW });
    const before = read(certFile);
    await renewCertificate({ folder, newKey: true, now: NOW });
    writeFileSync(certFile, before);
    await expect(readPair({ certFile, keyFile })).rejects.toThrow('The key is not the one of the certificate.');
    await ensureCertificates({ folder, now: () => NOW });
    await readPair({ certFile, keyFile });
    expect(namesOf(leafOf(certFile))).toContain('mail.example.net');
  });
});

describe('a watch', () => {
  /** A watch over a folder's files, and what it took and told. */
  async function watching() {
    const folder = temporaryFolder();
    const files = await ensureCertificates({ folder, now: () => NOW });
    const taken: string[] = [];
    const told: string[] = [];
    const watch = new CertificateWatch({
      locate: async () => files,
      take: ({ cert }) => void taken.push(new X509Certificate(cert).serialNumber),
      trouble: (why) => void told.push(why),
    });
    await watch.look();
    return { folder, files, taken, told, watch };
  }

  test('takes what is put in the place of the pair in use, once', async () => {
    const { folder, files, taken, told, watch } = await watching();
    await watch.look();
    expect(taken).toEqual([]);
    await renewCertificate({ folder, newKey: true, now: NOW });
    await watch.look();
    await watch.look();
    expect(taken).toEqual([leafOf(files.certFile).serialNumber]);
    expect(told).toEqual([]);
  });

  test('waits for the other half, says once that it is missing, and takes the whole', async () => {
    const { folder, files, taken, told, watch } = await watching();
    const before = read(files.certFile);
    await renewCertificate({ folder, newKey: true, now: NOW });
    const after = read(files.certFile);
    writeFileSync(files.certFile, before);
    await watch.look();
    await watch.look();
    expect({ taken, told }).toEqual({ taken: [], told: ['The key is not the one of the certificate.'] });
    writeFileSync(files.certFile, after);
    await watch.look();
    expect(taken).toEqual([leafOf(files.certFile).serialNumber]);
  });

  test('what cannot be taken is tried again', async () => {
    const { files, folder } = await watching();
    let refuse = true;
    const told: string[] = [];
    const watch = new CertificateWatch({
      locate: async () => files,
      take: () => {
        if (refuse) throw new Error('not now');
      },
      trouble: (why) => void told.push(why),
    });
    await watch.look();
    await renewCertificate({ folder, newKey: false, now: NOW });
    await watch.look();
    refuse = false;
    await watch.look();
    refuse = true;
    await watch.look();
    expect(told).toEqual(['not now']);
  });
});

describe('reading', () => {
  test.each([
    ['Mail.Example.NET', 'mail.example.net'],
    ['*.example.net', '*.example.net'],
    ['localhost', 'localhost'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
  ])('%s is a name or an address', (text, host) => {
    expect(parseHostName(text)).toBe(host);
  });

  test.each([
    '',
    '*',
    '*.',
    'a.*.net',
    '*.*.net',
    '-a.net',
    'a-.net',
    'a..net',
    'a.net.',
    'a b',
    'münchen.de',
    '192.0.2.256',
    '1.2.3',
    'fe80::1%eth0',
    'https://a.net',
    'a.net:443',
    `${'a'.repeat(64)}.net`,
    'a,DNS:b',
  ])('%j is neither', (text) => {
    expect(parseHostName(text)).toBeUndefined();
  });

  test('a chain in order; none where a part is damaged', async () => {
    const folder = temporaryFolder();
    const { certFile, caFile } = await ensureCertificates({ folder, now: () => NOW });
    const chain = parseChain(read(certFile));
    expect(chain?.map(({ subject }) => subject)).toEqual(['CN=localhost', leafOf(caFile).subject]);
    expect(parseChain(read(certFile).replace(/[A-Za-z0-9+/]{60}\n/, 'x\n'))).toBeUndefined();
    expect(parseChain('')).toBeUndefined();
    expect(certificateFiles(folder).caKeyFile).toBe(join(folder, 'ca.key'));
  });
});
