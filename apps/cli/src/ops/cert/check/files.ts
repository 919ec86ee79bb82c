/** What the files of a certificate and its key say, whoever serves them. */
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { covers, parseChain } from '@scorpiox/shared/certificates';
import { systemErrorCode } from '../../failure.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Pair } from '../in-use.ts';
import { chainFindings } from './chain.ts';
import { certificateFinding as finding } from './finding.ts';
import { validityFindings } from './validity.ts';

export interface Examined {
  readonly findings: readonly Finding[];
  /** What a server that took the files would show. */
  readonly leaf?: X509Certificate;
}

export interface ExamineOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Of the local authority. */
  readonly caFile: string;
  /** More names and addresses that clients use. */
  readonly names: readonly string[];
}

/** Looks at one pair of files. */
export async function examineFiles(pair: Pair, options: ExamineOptions): Promise<Examined> {
  const chain = await readChain(pair);
  if (!('leaf' in chain)) return { findings: [chain.finding] };
  const { leaf, certificates } = chain;
  const findings = [
    ...(await keyFindings(pair, leaf)),
    ...validityFindings(pair, leaf, options.now),
    ...purposeFindings(pair, leaf),
    ...nameFindings(pair, leaf, [...new Set([...pair.expected, ...options.names])]),
    ...(await chainFindings(pair, certificates, options.caFile)),
  ];
  return { findings, leaf };
}

type Chain =
  | { readonly leaf: X509Certificate; readonly certificates: readonly X509Certificate[] }
  | { readonly finding: Finding };

async function readChain({ certFile, isLocal }: Pair): Promise<Chain> {
  const text = await readFile(certFile, 'utf8').catch(systemCode);
  if (typeof text !== 'string') {
    const isMissing = text.code === 'ENOENT';
    if (isMissing && isLocal) {
      const message = 'The local authority and its certificate are not made yet; the first start makes them.';
      return { finding: finding('note', 'not-made', certFile, message, 'scorpiox cert init') };
    }
    const message = isMissing ? `There is no ${certFile}.` : `${certFile} cannot be read: ${text.code}.`;
    return {
      finding: finding(
        'fault',
        'unreadable',
        certFile,
        message,
        `Put a certificate in PEM there, readable by the servers.`,
      ),
    };
  }
  const certificates = parseChain(text);
  if (certificates !== undefined) return { leaf: certificates[0], certificates };
  const message = `${certFile} holds no certificate in PEM, or a damaged one.`;
  const mend = isLocal ? 'scorpiox cert init' : 'Put the whole chain in PEM there, the server’s own certificate first.';
  return { finding: finding('fault', 'unreadable', certFile, message, mend) };
}

/** Whether there is a key that goes with the certificate, and that others cannot read. */
async function keyFindings({ keyFile, isLocal }: Pair, leaf: X509Certificate): Promise<readonly Finding[]> {
  const key = await readKey(keyFile);
  if (typeof key === 'string') {
    const mend = isLocal
      ? `rm -f ${keyFile}; scorpiox cert init`
      : 'Put the key in PEM there, readable by the servers.';
    return [finding('fault', 'key-unreadable', keyFile, key, mend)];
  }
  const exposed = await exposedKey(keyFile);
  if (leaf.checkPrivateKey(key)) return exposed;
  const message = `${keyFile} is not the key of the certificate; no server takes the two.`;
  const mend = isLocal ? 'scorpiox cert init' : 'Put the key there that the certificate was issued for.';
  return [finding('fault', 'key-mismatch', keyFile, message, mend), ...exposed];
}

/** The key, or why there is none. */
async function readKey(file: string): Promise<KeyObject | string> {
  const pem = await readFile(file).catch(systemCode);
  if ('code' in pem) return pem.code === 'ENOENT' ? `There is no ${file}.` : `${file} cannot be read: ${pem.code}.`;
  try {
    return createPrivateKey(pem);
  } catch {
    return `${file} holds no private key in PEM, or one that is damaged or locked with a passphrase.`;
  }
}

/** A key that others can read is everybody's: the group's on purpose perhaps, the world's never. */
export async function exposedKey(file: string): Promise<readonly Finding[]> {
  const found = await stat(file).catch(systemCode);
  if ('code' in found) return [];
  const mode = found.mode & 0o777;
  if ((mode & 0o077) === 0) return [];
  const who = (mode & 0o007) === 0 ? 'its group' : 'every user of this machine';
  const message = `The private key ${file} can be read by ${who} (mode ${mode.toString(8).padStart(4, '0')}).`;
  const level = (mode & 0o007) === 0 ? 'warning' : 'fault';
  return [finding(level, 'key-exposed', file, message, `chmod 600 ${file}`)];
}

/** Extended key usage of a TLS server (RFC 5280 §4.2.1.12); a certificate without any is for everything. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

function purposeFindings({ certFile }: Pair, leaf: X509Certificate): readonly Finding[] {
  // Absent where the certificate does not say, though the types know of no such case.
  const usage = leaf.keyUsage as readonly string[] | undefined;
  if (usage === undefined || usage.includes(SERVER_AUTH)) return [];
  const message = `The certificate in ${certFile} is not for servers: clients refuse it.`;
  return [finding('fault', 'not-for-servers', certFile, message, 'Have one issued for TLS servers (serverAuth).')];
}

function nameFindings(pair: Pair, leaf: X509Certificate, names: readonly string[]): readonly Finding[] {
  const missing = names.filter((name) => !covers(leaf, name));
  if (missing.length === 0) return [];
  const message = `The certificate in ${pair.certFile} is not for ${missing.join(', ')}: who connects there is warned.`;
  const mend = pair.isLocal ? `scorpiox cert issue ${missing.join(' ')}` : 'Have one issued for these names too.';
  return [finding('warning', 'name-missing', pair.certFile, message, mend)];
}

function systemCode(error: unknown): { readonly code: string } {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  return { code };
}
