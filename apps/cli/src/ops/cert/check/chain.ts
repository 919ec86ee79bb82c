/** Whether what stands behind a certificate leads to somebody whom clients trust. */
import type { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import { parseCertificate } from '@scorpiox/shared/certificates';
import type { Finding } from '../../findings/finding.ts';
import type { Pair } from '../in-use.ts';
import { certificateFinding as finding } from './finding.ts';

export async function chainFindings(
  pair: Pair,
  chain: readonly X509Certificate[],
  caFile: string,
): Promise<readonly Finding[]> {
  return pair.isLocal ? localFindings(pair, chain, caFile) : ownFindings(pair, chain, publicRoots());
}

async function localFindings(
  { certFile }: Pair,
  [leaf]: readonly X509Certificate[],
  caFile: string,
): Promise<readonly Finding[]> {
  const authority = parseCertificate(await readFile(caFile, 'utf8').catch(() => ''));
  if (leaf !== undefined && authority !== undefined && isBy(leaf, authority)) return [];
  const message = `${certFile} was not issued by the authority in ${caFile}: who trusts that refuses it.`;
  return [finding('fault', 'not-of-authority', certFile, message, 'scorpiox cert init')];
}

/** Of a certificate that comes from elsewhere. `roots` are those whom clients trust by themselves. */
export function ownFindings(
  { certFile }: Pick<Pair, 'certFile'>,
  chain: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): readonly Finding[] {
  const broken = chain.findIndex((certificate, at) => {
    const issuer = chain[at + 1];
    return issuer !== undefined && !isBy(certificate, issuer);
  });
  if (broken !== -1) {
    const message = `In ${certFile} certificate ${broken + 2} did not issue the one before it: strict clients refuse the chain.`;
    const mend = 'Put the server’s certificate first and behind each the one of its issuer.';
    return [finding('fault', 'chain-order', certFile, message, mend)];
  }
  const last = chain.at(-1);
  if (last === undefined || roots.some((root) => isBy(last, root) || last.fingerprint256 === root.fingerprint256))
    return [];
  if (isBy(last, last)) {
    const message = `${certFile} leads to an authority of your own (${oneLine(last.subject)}): clients have to be told to trust it.`;
    return [finding('note', 'private-authority', certFile, message, '')];
  }
  const message = `${certFile} ends before an authority that is known here; ${oneLine(last.issuer)} is missing: clients that do not know it refuse.`;
  const mend = 'Use the full chain that the authority gave (certbot’s fullchain.pem).';
  return [finding('warning', 'chain-incomplete', certFile, message, mend)];
}

const isBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** Those that Node brings along and those of this machine. */
const publicRoots = (): readonly X509Certificate[] =>
  [...new Set([...getCACertificates('bundled'), ...getCACertificates('system')])].flatMap(
    (pem) => parseCertificate(pem) ?? [],
  );

const oneLine = (name: string): string => name.replaceAll('\n', ', ');
