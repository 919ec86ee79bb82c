/** A certificate in words. Nothing here ever holds a private key. */
import type { X509Certificate } from 'node:crypto';
import { namesOf } from '@scorpiox/shared/certificates';

const DAY_MS = 86_400_000;

/** A certificate as it is shown. */
export type ShownCertificate = {
  readonly file: string;
  /** What it is for: `server` or `authority`. */
  readonly use: string;
  readonly subject: string;
  readonly issuer: string;
  /** Names and addresses, divided by blanks. */
  readonly names: string;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string;
  /** Whole days until it ends; below zero when it has. */
  readonly days: number;
  readonly key: string;
  readonly serial: string;
  readonly sha256: string;
};

export function describeCertificate(file: string, certificate: X509Certificate, now: number): ShownCertificate {
  return {
    file,
    use: certificate.ca ? 'authority' : 'server',
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesOf(certificate).join(' '),
    from: certificate.validFromDate.toISOString(),
    until: certificate.validToDate.toISOString(),
    days: daysLeft(certificate, now),
    key: keyOf(certificate),
    serial: certificate.serialNumber,
    sha256: certificate.fingerprint256,
  };
}

/** Whole days until it ends, rounded down: 0 on its last day, below that when it has ended. */
export const daysLeft = (certificate: X509Certificate, now: number): number =>
  Math.floor((certificate.validToDate.getTime() - now) / DAY_MS);

/** OpenSSL puts each part of a name on a line of its own. */
const oneLine = (name: string | undefined): string => (name ?? '').replaceAll('\n', ', ');

function keyOf({ publicKey }: X509Certificate): string {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails } = publicKey;
  const size = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength;
  return size === undefined ? type : `${type} ${size}`;
}
