import { findingsOf } from '../../findings/finding.ts';

/** What can be wrong with a certificate (docs/certificates.md). */
type CertificateCode =
  | 'not-made'
  | 'unreadable'
  | 'key-unreadable'
  | 'key-mismatch'
  | 'key-exposed'
  | 'expired'
  | 'ends-soon'
  | 'not-yet-valid'
  | 'not-for-servers'
  | 'name-missing'
  | 'chain-order'
  | 'chain-incomplete'
  | 'private-authority'
  | 'not-of-authority'
  | 'not-served'
  | 'no-tls'
  | 'served-other';

export const certificateFinding = findingsOf<CertificateCode>('certificate');
