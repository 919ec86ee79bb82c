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
 * A key is exchanged by putting another one in its place, or by removing its file (or the folder): the certificates that
 * do not match it are issued anew. A certificate that is made anew keeps the names of the one before, so that what
 * somebody had issued (manage.ts) outlives its renewal.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type X509Certificate } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { covers, namesOf, parseCertificate } from './facts.ts';
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

/** In every certificate of the local authority: how this machine calls itself. */
export const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];
const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;

/** Makes what is missing, renews what is due, and tells where it is. Rejects where the folder cannot be written. */
export async function ensureCertificates(options: CertificateOptions): Promise<CertificateFiles> {
  const { folder, now = Date.now, hostNames = [] } = options;
  const files = certificateFiles(folder);
  const ca = await ensureAuthority(folder, now());
  await ensureLeaf(files, ca, [...new Set([...LOCAL_NAMES, ...hostNames])], now());
  return files;
}

/** Where the files of a folder are. */
export const certificateFiles = (folder: string): CertificateFiles & { readonly caKeyFile: string } => ({
  certFile: join(folder, 'server.pem'),
  keyFile: join(folder, 'server.key'),
  caFile: join(folder, 'ca.pem'),
  caKeyFile: join(folder, 'ca.key'),
});

/** The authority alone, made where it is missing or would end before what it signs today. */
export async function ensureAuthority(folder: string, now: number): Promise<Signer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const { caFile, caKeyFile } = certificateFiles(folder);
  const key = await ensureKey(caKeyFile);
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
  const kept = present === undefined ? [] : namesOf(parseCertificate(present));
  await writeLeaf(files.certFile, ca, key, [...new Set([...hosts, ...kept])], now);
}

/** Puts a new certificate for this key in the file's place, with the authority's behind it. */
export async function writeLeaf(file: string, ca: Signer, key: string, hosts: readonly string[], now: number) {
  const { issueLeaf } = await issuing();
  await replaceFile(file, issueLeaf(ca, key, hosts, now) + ca.certificate, PUBLIC_MODE);
}

/** Only when a certificate is made: node-forge takes some MB, and most starts find theirs. */
const issuing = () => import('./issue.ts');

const makeKeyPair = promisify(generateKeyPair);

/** A new private key, PEM. By OpenSSL: forge's own prime search takes seconds. */
async function makeKey(): Promise<string> {
  const { privateKey } = await makeKeyPair('rsa', { modulusLength: RSA_BITS });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Puts a new key in the file's place. The certificate beside it is to be made anew at once. */
export async function replaceKey(file: string): Promise<string> {
  const key = await makeKey();
  await replaceFile(file, key, SECRET_MODE);
  return key;
}

/** The file's key, made where there is none. */
export async function ensureKey(file: string): Promise<string> {
  const present = await readIfThere(file);
  if (present !== undefined) {
    if (!isRsaKey(present)) throw new Error(`${file} is no RSA private key in PEM; remove it and a new one is made.`);
    await chmod(file, SECRET_MODE);
    return present;
  }
  return createOnce(file, await makeKey(), SECRET_MODE);
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
  const certificate = parseCertificate(pem);
  if (certificate?.ca !== true || !isFor(certificate, key)) return false;
  return certificate.validFromDate.getTime() <= now && certificate.validToDate.getTime() > now + LEAF_LIFE_MS;
}

function isGoodLeaf(chain: string, caPem: string, key: string, hosts: readonly string[], now: number): boolean {
  const leaf = parseCertificate(chain);
  const ca = parseCertificate(caPem);
  if (leaf === undefined || ca === undefined || !isFor(leaf, key)) return false;
  const [from, to] = [leaf.validFromDate.getTime(), leaf.validToDate.getTime()];
  const fresh = now >= from && now < from + (to - from) * RENEW_AFTER;
  return fresh && leaf.verify(ca.publicKey) && hosts.every((host) => covers(leaf, host));
}

const isFor = (certificate: X509Certificate, key: string): boolean =>
  certificate.publicKey.equals(createPublicKey(createPrivateKey(key)));
