/** TLS, by Node's OpenSSL. */
import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import { readPair } from '@scorpiox/shared/certificates';
import type { CertificateFacts, SessionReport } from '../admin/operator.ts';

/** Paths of PEM files. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

interface Loaded {
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
  readonly facts: CertificateFacts;
}

/**
 * The server's certificate and key, as a listener and as STARTTLS take them. They can be read again: whoever asks then
 * gets the new ones, and connections that are there keep theirs.
 */
export class Tls {
  readonly #locate: () => Promise<TlsFiles>;
  readonly #ticketKeys: Buffer | undefined;
  readonly #listeners = new Set<() => void>();
  #loaded: Loaded;

  private constructor(locate: () => Promise<TlsFiles>, ticketKeys: Buffer | undefined, loaded: Loaded) {
    this.#locate = locate;
    this.#ticketKeys = ticketKeys;
    this.#loaded = loaded;
  }

  /**
   * Reads what `locate` names, now and at each renewal. Rejects where it cannot be read or does not go together.
   * @param ticketKeys those of session tickets, where other processes are to resume what began here: 48 octets.
   */
  static async load(locate: () => Promise<TlsFiles>, ticketKeys?: Buffer): Promise<Tls> {
    return new Tls(locate, ticketKeys, await read(await locate(), ticketKeys));
  }

  get options(): SecureContextOptions {
    return this.#loaded.options;
  }

  get context(): SecureContext {
    return this.#loaded.context;
  }

  get facts(): CertificateFacts {
    return this.#loaded.facts;
  }

  /** Reads the files again. Rejects as `load` does; then everything stays as it was. */
  async renew(): Promise<void> {
    this.#loaded = await read(await this.#locate(), this.#ticketKeys);
    for (const listener of this.#listeners) listener();
  }

  /** Calls the listener after each renewal. */
  onRenewed(listener: () => void): void {
    this.#listeners.add(listener);
  }
}

async function read(files: TlsFiles, ticketKeys: Buffer | undefined): Promise<Loaded> {
  const { cert, key } = await readPair(files);
  const certificate = new X509Certificate(cert);
  const tickets = ticketKeys === undefined ? {} : { ticketKeys };
  const options = { cert, key, ...tickets, minVersion: 'TLSv1.2' } as const; // older versions are broken (RFC 8996)
  const facts = {
    sha256: certificate.fingerprint256,
    names: certificate.subjectAltName ?? certificate.subject,
    validTo: certificate.validToDate.toISOString(),
  };
  return { options, context: createSecureContext(options), facts };
}

/** What an operator is told of a connection's TLS. */
export function tlsFacts(socket: Socket): SessionReport['tls'] {
  if (!(socket instanceof TLSSocket) || socket.destroyed) return null;
  return { protocol: socket.getProtocol() ?? 'unknown', cipher: socket.getCipher().name };
}

/** Turns a plain connection into a TLS one, as the server; undefined where the handshake fails or takes too long. */
export async function upgrade(plain: Socket, { context }: Tls, timeout: number): Promise<TLSSocket | undefined> {
  plain.allowHalfOpen = false; // whoever leaves in the middle of the handshake is gone (listener.ts)
  const secure = new TLSSocket(plain, { isServer: true, secureContext: context });
  return new Promise((resolve) => {
    const settle = (socket: TLSSocket | undefined) => {
      clearTimeout(impatience);
      secure.allowHalfOpen = true;
      resolve(socket);
    };
    const impatience = setTimeout(() => settle(undefined), timeout);
    secure.once('secure', () => settle(secure));
    secure.once('error', () => settle(undefined)); // why is the client's own trouble: it sees the alert
    secure.once('close', () => settle(undefined));
  });
}
