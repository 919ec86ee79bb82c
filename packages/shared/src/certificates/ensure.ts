/**
 * A local CA and a server certificate in a folder, made at first start and renewed in time.
 *
 * Several processes may start at the same moment, and each may be killed at any point. There is no lock; the order and
 * the way of writing make every state that can be seen a good one:
 *  1. A private key is made once and never changed: it is linked into its place, and whoever comes second uses the
 *     first one's. So key and certificate files match at all times, however readers and writers interleave.
 *  2. A certificate is replaced by rename. Two processes that renew at once write two certificates for the same key,
 *     signed by the same CA key: either is good, the last stays.
 *  3. Every file is synced before it is in its place.
 * A key is exchanged by removing its file (or the folder): the certificates that do not match it are issued anew.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, X509Certificate } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createOnce, readIfThere, replaceFile } from './files.ts';
import type { Signer } from './issue.ts';
import { LEAF_LIFE_MS, RENEW_AFTER, RSA_BITS } from './limits.ts';

/** Paths of PEM files. */
export interface CertificateFiles {
  /** The server's certificate followed by the CA's: what a TLS server presents. */
  readonly certFile: string;
  readonly keyFile: string;
  /** The local CA's certificate: what clients are told to trust. */
  readonly caFile: string;
}

export interface CertificateOptions {
  /** Where the files live; made with mode 0700. */
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** DNS names and IP addresses beside localhost, 127.0.0.1 and ::1. */
  readonly hostNames?: readonly string[];
}

const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];
const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;

/** Makes what is missing, renews what is due, and tells where it is. Rejects where the folder cannot be written. */
export async function ensureCertificates(options: CertificateOptions): Promise<CertificateFiles> {
  const { folder, now = Date.now, hostNames = [] } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const files = {
    certFile: join(folder, 'server.pem'),
    keyFile: join(folder, 'server.key'),
    caFile: join(folder, 'ca.pem'),
  };
  const ca = await ensureCa(files.caFile, join(folder, 'ca.key'), now());
  await ensureLeaf(files, ca, [...new Set([...LOCAL_NAMES, ...hostNames])], now());
  return files;
}

async function ensureCa(caFile: string, keyFile: string, now: number): Promise<Signer> {
  const key = await ensureKey(keyFile);
  const present = await readIfThere(caFile);
  if (present !== undefined && isGoodCa(present, key, now)) return { key, certificate: present };
  const { issueCa } = await issuing();
  const certificate = issueCa(key, now);
  if (present === undefined) return { key, certificate: await createOnce(caFile, certificate, PUBLIC_MODE) };
  await replaceFile(caFile, certificate, PUBLIC_MODE);
  return { key, certificate };
}

async function ensureLeaf(files: CertificateFiles, ca: Signer, hosts: readonly string[], now: number): Promise<void> {
  const key = await ensureKey(files.keyFile);
  const present = await readIfThere(files.certFile);
  if (present?.endsWith(ca.certificate) && isGoodLeaf(present, ca.certificate, key, hosts, now)) return;
  const { issueLeaf } = await issuing();
  await replaceFile(files.certFile, issueLeaf(ca, key, hosts, now) + ca.certificate, PUBLIC_MODE);
}

/** Only when a certificate is made: node-forge takes some MB, and most starts find theirs. */
const issuing = () => import('./issue.ts');

const makeKeyPair = promisify(generateKeyPair);

async function ensureKey(file: string): Promise<string> {
  const present = await readIfThere(file);
  if (present !== undefined) {
    if (!isRsaKey(present)) throw new Error(`${file} is no RSA private key in PEM; remove it and a new one is made.`);
    await chmod(file, SECRET_MODE);
    return present;
  }
  // By OpenSSL: forge's own prime search takes seconds.
  const { privateKey } = await makeKeyPair('rsa', { modulusLength: RSA_BITS });
  return createOnce(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), SECRET_MODE);
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false; // damaged, encrypted, or something else altogether
  }
}

/** Good: for this key, valid now, and for longer than a server certificate that it signs today. */
function isGoodCa(pem: string, key: string, now: number): boolean {
  const certificate = parse(pem);
  if (certificate?.ca !== true || !isFor(certificate, key)) return false;
  return certificate.validFromDate.getTime() <= now && certificate.validToDate.getTime() > now + LEAF_LIFE_MS;
}

function isGoodLeaf(chain: string, caPem: string, key: string, hosts: readonly string[], now: number): boolean {
  const leaf = parse(chain);
  const ca = parse(caPem);
  if (leaf === undefined || ca === undefined || !isFor(leaf, key)) return false;
  const [from, to] = [leaf.validFromDate.getTime(), leaf.validToDate.getTime()];
  const fresh = now >= from && now < from + (to - from) * RENEW_AFTER;
  return fresh && leaf.verify(ca.publicKey) && hosts.every((host) => isNamed(leaf, host));
}

const isNamed = (leaf: X509Certificate, host: string): boolean =>
  (isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host, { subject: 'never' })) !== undefined;

const isFor = (certificate: X509Certificate, key: string): boolean =>
  certificate.publicKey.equals(createPublicKey(createPrivateKey(key)));

/** The first certificate of the text, or undefined where there is none to read: it is then made anew. */
function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
