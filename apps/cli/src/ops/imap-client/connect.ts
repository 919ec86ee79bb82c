/** From a name and a port to a client that has signed in. */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { systemErrorCode } from '../failure.ts';
import { IMAP_CONNECT_MS, IMAP_SILENCE_MS } from '../limits.ts';
import { ImapClient } from './client.ts';
import { ImapError } from './errors.ts';

/** `none` is in the clear: for servers of this machine. */
export type Security = 'tls' | 'starttls' | 'none';

export interface ImapPlace {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  /** Certificates of authorities in PEM, to be trusted in place of the public ones. */
  readonly ca?: string;
}

export interface ConnectOptions {
  /** Milliseconds of silence until the server is taken for stalled. */
  readonly patience?: number;
  /** Ends the connection at once: whatever waits rejects with `stopped`. */
  readonly signal?: AbortSignal;
}

/** What is known of TLS on a connection. */
interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  /** When the server's certificate ends. */
  readonly validTo: Date;
}

export interface Connected {
  readonly client: ImapClient;
  /** What the server calls itself in its greeting. */
  readonly greeting: string;
  readonly tls: TlsFacts | undefined;
  /** A connection may begin signed in (RFC 9051 §7.1.4). */
  readonly isSignedIn: boolean;
}

/** Connects, by TLS as it is wanted, and knows what the server can do. Rejects with `ImapError`. */
export async function connectImap(place: ImapPlace, options: ConnectOptions = {}): Promise<Connected> {
  const { signal, patience = IMAP_SILENCE_MS } = options;
  const plain = place.security === 'tls' ? undefined : await opened(connectTcp(place.port, place.host), place, signal);
  const socket = plain ?? (await secured(place, { host: place.host, port: place.port }, signal));
  stopWith(signal, socket);
  const client = new ImapClient(socket, patience);
  try {
    const greeting = await client.greeting();
    const secure = place.security === 'starttls' ? await startTls(client, place, signal) : socket;
    await client.learnCapabilities();
    return { client, greeting: greeting.text, tls: factsOf(secure), isSignedIn: greeting.condition === 'PREAUTH' };
  } catch (error) {
    client.close();
    throw signal?.aborted === true ? stopped() : error;
  }
}

async function startTls(client: ImapClient, place: ImapPlace, signal: AbortSignal | undefined): Promise<Duplex> {
  await client.learnCapabilities();
  if (!client.capabilities.has('STARTTLS')) {
    throw new ImapError('insecure', `${nameOf(place)} offers no STARTTLS; does it have a port for TLS (993)?`);
  }
  await client.ok(['STARTTLS']);
  const secure = Promise.withResolvers<Duplex>();
  await client.become(async (socket) => {
    const upgraded = await secured(place, { socket, host: place.host }, signal);
    stopWith(signal, upgraded);
    secure.resolve(upgraded);
    return upgraded;
  });
  return secure.promise;
}

/** A TLS connection whose certificate is good for the host. */
async function secured(place: ImapPlace, more: ConnectionOptions, signal: AbortSignal | undefined): Promise<TLSSocket> {
  const name = isIP(place.host) === 0 ? { servername: place.host } : {}; // no address in SNI (RFC 6066 §3)
  return opened(connectTls({ ...more, ...name, ...(place.ca === undefined ? {} : { ca: place.ca }) }), place, signal);
}

/** Resolves when it is connected, for TLS when the handshake is done. */
async function opened<S extends Socket>(socket: S, place: ImapPlace, signal: AbortSignal | undefined): Promise<S> {
  const event = 'encrypted' in socket ? 'secureConnect' : 'connect';
  const { promise, resolve, reject } = Promise.withResolvers<S>();
  const late = () => reject(new ImapError('unreachable', `${nameOf(place)} does not answer.`));
  const stop = () => reject(stopped());
  const timer = setTimeout(late, IMAP_CONNECT_MS);
  socket.once(event, () => resolve(socket));
  socket.once('error', (error) => reject(problemOf(error, place)));
  socket.once('close', () => reject(new ImapError('unreachable', `${nameOf(place)} hangs up at once.`)));
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  try {
    return await promise;
  } catch (error) {
    socket.on('error', () => {}); // nobody waits for it any more
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

const stopped = (): ImapError => new ImapError('stopped', 'Interrupted.');

/** From now on the signal ends the connection. */
function stopWith(signal: AbortSignal | undefined, socket: Duplex): void {
  const stop = () => socket.destroy(stopped());
  signal?.addEventListener('abort', stop, { once: true });
  socket.once('close', () => signal?.removeEventListener('abort', stop));
}

const nameOf = ({ host, port }: ImapPlace): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Codes of OpenSSL and Node for a certificate that is not good for whom it was shown to. */
const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

function problemOf(error: Error, place: ImapPlace): ImapError {
  const code = systemErrorCode(error) ?? '';
  const where = nameOf(place);
  if (CERTIFICATE.test(code)) return new ImapError('certificate', certificateSentence(code, where, error));
  if (/^(ERR_SSL_|EPROTO)/.test(code))
    return new ImapError('unreachable', `${where} does not speak TLS as it should: ${code}.`);
  return new ImapError('unreachable', `${where} cannot be reached: ${REASONS[code] ?? (code || error.message)}.`);
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it hung up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name service does not answer',
  ETIMEDOUT: 'it does not answer',
};

function certificateSentence(code: string, where: string, error: Error): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `The certificate of ${where} has expired.`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate of ${where} is for another name: ${error.message}`;
    default:
      return `The certificate of ${where} comes from nobody who is trusted here (${code}); --ca names who is.`;
  }
}

function factsOf(socket: Duplex): TlsFacts | undefined {
  if (!isTls(socket)) return undefined;
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().name,
    validTo: new Date(socket.getPeerCertificate().valid_to),
  };
}

const isTls = (socket: Duplex): socket is TLSSocket => 'encrypted' in socket;
