/** Which certificates this installation serves: from which files, and on which ports. */
import { certificateFiles } from '@scorpiox/shared/certificates';
import { type Config, tlsFolder } from '@scorpiox/shared/config';

/** A port on which a certificate is shown. */
export interface Door {
  /** `IMAP over TLS`. */
  readonly what: string;
  readonly host: string;
  readonly port: number;
  /** IMAP in the clear that turns to TLS. */
  readonly startTls: boolean;
}

/** Certificate and key, and who serves them. */
export interface Pair {
  readonly certFile: string;
  readonly keyFile: string;
  /** Issued by the local authority, which keeps it in order; else it is the operator's own. */
  readonly isLocal: boolean;
  readonly doors: readonly Door[];
  /** The names and addresses that people are told to use, as far as the configuration knows them. */
  readonly expected: readonly string[];
}

/** One for each certificate file that the configuration means. */
export function pairsInUse(config: Config): readonly Pair[] {
  const imap = imapPair(config);
  const https = httpsPair(config);
  if (https === undefined) return [imap];
  if (https.certFile !== imap.certFile || https.keyFile !== imap.keyFile) return [imap, https];
  return [{ ...imap, doors: [...imap.doors, ...https.doors], expected: [...imap.expected, ...https.expected] }];
}

function imapPair(config: Config): Pair {
  const { host, port, tlsPort, tlsCert, tlsKey } = config.imap;
  const at = reachable(host);
  const doors = [
    { what: 'IMAP over TLS', host: at, port: tlsPort, startTls: false },
    { what: 'IMAP with STARTTLS', host: at, port, startTls: true },
  ];
  return { ...filesOf(config, tlsCert, tlsKey), doors: doors.filter(isKnown), expected: named(host) };
}

/** None where the API talks no HTTPS: what a proxy before it shows is not of this installation. */
function httpsPair(config: Config): Pair | undefined {
  const { host, tlsPort, tlsCert, tlsKey, publicUrl } = config.insights;
  if (tlsPort === undefined) return undefined;
  const doors = [{ what: 'HTTPS', host: reachable(host), port: tlsPort, startTls: false }];
  const { protocol, hostname } = new URL(publicUrl);
  const expected = protocol === 'https:' ? [hostname.replace(/^\[|\]$/g, '')] : [];
  return { ...filesOf(config, tlsCert, tlsKey), doors: doors.filter(isKnown), expected };
}

function filesOf(config: Config, tlsCert: string | undefined, tlsKey: string | undefined) {
  if (tlsCert !== undefined && tlsKey !== undefined) return { certFile: tlsCert, keyFile: tlsKey, isLocal: false };
  const { certFile, keyFile } = certificateFiles(tlsFolder(config));
  return { certFile, keyFile, isLocal: true };
}

/** 0 is any free port: which one nobody here knows. */
const isKnown = ({ port }: Door): boolean => port !== 0;

const EVERYWHERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where a server that listens on this address is found from this machine. */
export const reachable = (host: string): string => EVERYWHERE[host] ?? host;

const named = (host: string): readonly string[] => (EVERYWHERE[host] === undefined ? [host] : []);
