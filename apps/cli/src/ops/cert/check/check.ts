/** Looks certificates over: the files, and what is served. Changes nothing. */
import { readFile } from 'node:fs/promises';
import { certificateFiles, parseCertificate } from '@scorpiox/shared/certificates';
import { type Config, tlsFolder } from '@scorpiox/shared/config';
import type { Finding } from '../../findings/finding.ts';
import { pairsInUse } from '../in-use.ts';
import { examineFiles, exposedKey } from './files.ts';
import { servedFindings } from './served.ts';
import { validityFindings } from './validity.ts';

export interface CertificateReport {
  readonly findings: readonly Finding[];
  /** How many files of certificates were looked at, and how many ports. */
  readonly files: number;
  readonly doors: number;
}

/** @param names that clients use, beside those that the configuration tells. */
export async function checkCertificates(config: Config, names: readonly string[] = []): Promise<CertificateReport> {
  const now = Date.now();
  const { caFile, caKeyFile } = certificateFiles(tlsFolder(config));
  const pairs = pairsInUse(config);
  const findings: Finding[] = [];
  for (const pair of pairs) {
    const { findings: found, leaf } = await examineFiles(pair, { now, caFile, names });
    findings.push(...found, ...(await servedFindings(pair, leaf)));
  }
  if (pairs.some(({ isLocal }) => isLocal)) findings.push(...(await authorityFindings(caFile, caKeyFile, now)));
  return { findings, files: pairs.length, doors: pairs.flatMap(({ doors }) => doors).length };
}

async function authorityFindings(caFile: string, caKeyFile: string, now: number): Promise<readonly Finding[]> {
  const authority = parseCertificate(await readFile(caFile, 'utf8').catch(() => ''));
  const validity = authority === undefined ? [] : validityFindings({ certFile: caFile, isLocal: true }, authority, now);
  return [...validity, ...(await exposedKey(caKeyFile))];
}
