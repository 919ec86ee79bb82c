/** What is done with the local authority: making it, issuing, renewing. */
import { isAbsolute, join } from 'node:path';
import {
  type CertificateFiles,
  ensureCertificates,
  issueCertificate,
  renewCertificate,
} from '@scorpiox/shared/certificates';
import { type Config, tlsFolder } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';
import { parseHostNames } from './host-names.ts';
import { pairsInUse } from './in-use.ts';

/** Makes authority and certificate where they are missing, and mends what does not go together. */
export const initCertificates = (config: Config): Promise<Result<CertificateFiles, Failure>> =>
  attempt(() => ensureCertificates({ folder: tlsFolder(config) }));

export interface IssueRequest {
  readonly names: readonly string[];
  /** Another folder than the authority's own, for a server elsewhere. */
  readonly into?: string;
  readonly cwd: string;
}

/** Issues a certificate for names and addresses: the one that is served here, or one for a server elsewhere. */
export async function issueFor(config: Config, request: IssueRequest): Promise<Result<CertificateFiles, Failure>> {
  const hostNames = parseHostNames(request.names);
  if (!hostNames.ok) return hostNames;
  const folder = tlsFolder(config);
  const { into, cwd } = request;
  if (into === undefined) {
    const unused = unusedHere(config);
    if (unused !== undefined) return err(unused);
  }
  const place = into === undefined ? {} : { into: isAbsolute(into) ? into : join(cwd, into) };
  return attempt(() => issueCertificate({ folder, hostNames: hostNames.value, ...place, now: Date.now() }));
}

/** Issues the certificate that is served here anew, for the names that it has; with another key where that is wished. */
export async function renewLocal(config: Config, newKey: boolean): Promise<Result<CertificateFiles, Failure>> {
  const unused = unusedHere(config);
  if (unused !== undefined) return err(unused);
  return attempt(() => renewCertificate({ folder: tlsFolder(config), newKey, now: Date.now() }));
}

/** Somebody who renews what nobody serves believes that all is well. */
function unusedHere(config: Config): Failure | undefined {
  const pairs = pairsInUse(config);
  if (pairs.some(({ isLocal }) => isLocal)) return undefined;
  const files = [...new Set(pairs.map(({ certFile }) => certFile))].join(' and ');
  const message = `The certificate that is served here is your own (${files}). Renew it where it comes from and put it in its place; the servers take it by themselves.`;
  return { kind: 'error', message };
}

async function attempt<T>(work: () => Promise<T>): Promise<Result<T, Failure>> {
  try {
    return ok(await work());
  } catch (error) {
    const message = `The certificate was not made: ${error instanceof Error ? error.message : String(error)}`;
    return err({ kind: kindOfSystemError(systemErrorCode(error)), message });
  }
}
