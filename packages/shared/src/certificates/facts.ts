/** What certificates say, read from their PEM text. Pure. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** The first certificate of the text, or undefined where there is none to read. */
export function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** All certificates of the text in order; undefined where one of them cannot be read, or there is none. */
export function parseChain(pem: string): readonly [X509Certificate, ...X509Certificate[]] | undefined {
  const [first, ...others] = [...pem.matchAll(BLOCK)].map(([block]) => parseCertificate(block));
  const rest = others.filter((certificate) => certificate !== undefined);
  return first === undefined || rest.length < others.length ? undefined : [first, ...rest];
}

/** The names and addresses that a certificate is for (RFC 5280 §4.2.1.6), as somebody would type them. */
export function namesOf(certificate: X509Certificate | undefined): readonly string[] {
  return (certificate?.subjectAltName ?? '').split(', ').flatMap((entry) => {
    if (entry.startsWith('DNS:')) return [entry.slice('DNS:'.length)];
    return entry.startsWith('IP Address:') ? [shortAddress(entry.slice('IP Address:'.length))] : [];
  });
}

/** `0:0:0:0:0:0:0:1`, as OpenSSL prints it, is `::1`. */
const shortAddress = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;

/** Whether a client that connects to this name or address takes the certificate for it. */
export const covers = (certificate: X509Certificate, host: string): boolean =>
  (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host, { subject: 'never' })) !== undefined;

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * A DNS name (of a wildcard the first label is `*`) or an IP address to make a certificate for, folded to lower case;
 * undefined where it is neither.
 */
export function parseHostName(text: string): string | undefined {
  const host = text.toLowerCase();
  if (isIP(host) === 4) return host;
  if (isIP(host) === 6) return host.includes('%') ? undefined : shortAddress(host);
  const labels = host.replace(/^\*\.(?=.+\.)/, '').split('.');
  const isName = host.length <= 253 && labels.every((label) => LABEL.test(label));
  // What ends in a number would be taken for an address (WHATWG URL, §3.5).
  return isName && !/^\d+$/.test(labels.at(-1) ?? '') ? host : undefined;
}
