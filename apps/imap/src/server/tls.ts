/** TLS, by Node's OpenSSL. */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';

/** The server's certificate and key, as a listener and as STARTTLS take them. */
export interface Tls {
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
}

/** Reads certificate and key, both PEM. Rejects where they cannot be read or do not go together. */
export async function loadTls(certFile: string, keyFile: string): Promise<Tls> {
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  const options = { cert, key, minVersion: 'TLSv1.2' } as const; // older versions are broken (RFC 8996)
  return { options, context: createSecureContext(options) };
}

/** Turns a plain connection into a TLS one, as the server; undefined where the handshake fails or takes too long. */
export async function upgrade(plain: Socket, { context }: Tls, timeout: number): Promise<TLSSocket | undefined> {
  const secure = new TLSSocket(plain, { isServer: true, secureContext: context });
  return new Promise((resolve) => {
    const settle = (socket: TLSSocket | undefined) => {
      clearTimeout(impatience);
      resolve(socket);
    };
    const impatience = setTimeout(() => settle(undefined), timeout);
    secure.once('secure', () => settle(secure));
    secure.once('error', () => settle(undefined)); // why is the client's own trouble: it sees the alert
    secure.once('close', () => settle(undefined));
  });
}
