/** The files against what the servers show. */
import type { X509Certificate } from 'node:crypto';
import type { Finding } from '../../findings/finding.ts';
import type { Door, Pair } from '../in-use.ts';
import { certificateFinding as finding } from './finding.ts';
import { type Peek, peek } from './peek.ts';

/** One after the other: a server that is in trouble gets no crowd. */
export async function servedFindings(
  { doors, certFile }: Pair,
  leaf: X509Certificate | undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const door of doors) findings.push(...compare(door, await peek(door), leaf, certFile));
  return findings;
}

function compare(door: Door, seen: Peek, leaf: X509Certificate | undefined, certFile: string): readonly Finding[] {
  const subject = addressOf(door);
  const where = `${door.what} on ${subject}`;
  if (seen.kind === 'closed') {
    return [finding('note', 'not-served', subject, `Nobody listens for ${where}.`, 'scorpiox up')];
  }
  if (seen.kind === 'no-tls') {
    const message = `There is no TLS to be had for ${where}: ${seen.why}`;
    return [finding('fault', 'no-tls', subject, message, `Look who listens on port ${door.port}.`)];
  }
  if (leaf === undefined || seen.certificate.fingerprint256 === leaf.fingerprint256) return [];
  const until = seen.certificate.validToDate.toISOString();
  const message = `${where} shows another certificate than the one in ${certFile}: one that ends on ${until}.`;
  const mend =
    'The server takes new files within seconds where they go together; its log says why it does not. Else restart it.';
  return [finding('fault', 'served-other', subject, message, mend)];
}

const addressOf = ({ host, port }: Pick<Door, 'host' | 'port'>): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
