/** What an operator may have done with the local authority's certificate beside letting it be kept in order (ensure.ts). */
import { mkdir } from 'node:fs/promises';
import {
  type CertificateFiles,
  certificateFiles,
  ensureAuthority,
  ensureKey,
  LOCAL_NAMES,
  replaceKey,
  writeLeaf,
} from './ensure.ts';
import { namesOf, parseCertificate } from './facts.ts';
import { readIfThere, replaceFile } from './files.ts';

export interface IssueOptions {
  /** Of the authority. */
  readonly folder: string;
  /** Names and addresses beside this machine's own, as `parseHostName` gives them; those that there were before go. */
  readonly hostNames: readonly string[];
  /** Where key and certificate go; the authority's folder itself unless said otherwise. Made with mode 0700. */
  readonly into?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Issues a server's certificate for these names, for the key that is there or a new one. In another folder than the
 * authority's it is for these names alone, and the authority's certificate is put beside it.
 */
export async function issueCertificate({
  folder,
  hostNames,
  into = folder,
  now,
}: IssueOptions): Promise<CertificateFiles> {
  const ca = await ensureAuthority(folder, now);
  const files = certificateFiles(into);
  if (into !== folder) {
    await mkdir(into, { recursive: true, mode: 0o700 });
    await replaceFile(files.caFile, ca.certificate, PUBLIC_MODE);
  }
  const own = into === folder ? LOCAL_NAMES : [];
  await writeLeaf(files.certFile, ca, await ensureKey(files.keyFile), [...new Set([...own, ...hostNames])], now);
  return files;
}

const PUBLIC_MODE = 0o644;

export interface RenewOptions {
  readonly folder: string;
  /** Makes another key too: for one that somebody may have seen. */
  readonly newKey: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Issues the certificate anew, before its time, for the names that it has. With another key there is a moment at which key
 * and certificate do not match: who reads then keeps what it has and reads again, and a process that starts issues the
 * certificate for the key that it finds (ensure.ts).
 */
export async function renewCertificate({ folder, newKey, now }: RenewOptions): Promise<CertificateFiles> {
  const ca = await ensureAuthority(folder, now);
  const files = certificateFiles(folder);
  const before = parseCertificate((await readIfThere(files.certFile)) ?? '');
  const key = newKey ? await replaceKey(files.keyFile) : await ensureKey(files.keyFile);
  await writeLeaf(files.certFile, ca, key, [...new Set([...LOCAL_NAMES, ...namesOf(before)])], now);
  return files;
}
