import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CONNECTION_TIMEOUT_MS, REQUEST_CHECK_MS, REQUEST_TIMEOUT_MS } from '../limits.ts';
import { answerClientError } from './client-error.ts';
import type { ApiInstance } from './instance.ts';

/** Certificate chain and private key, files in PEM. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** HTTPS beside the HTTP port of the same routes, with the same bounds. */
export interface TlsListener {
  /** Rejects as `net.Server` does. */
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Takes no more connections; those that are busy finish. Resolves when none is left. */
  close(): Promise<void>;
  closeAllConnections(): void;
}

/** Reads the files; rejects where they cannot be read or do not go together. */
export async function makeTlsListener(app: ApiInstance, { certFile, keyFile }: TlsFiles): Promise<TlsListener> {
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  const server = createServer(
    {
      cert,
      key,
      minVersion: 'TLSv1.2', // older versions are broken (RFC 8996)
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: REQUEST_CHECK_MS,
    },
    (request, reply) => app.routing(request, reply),
  );
  server.timeout = CONNECTION_TIMEOUT_MS;
  server.on('clientError', answerClientError);
  return {
    listen: (host, port) => listen(server, host, port),
    close: () => close(server),
    closeAllConnections: () => server.closeAllConnections(),
  };
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // A server that listens on a host and a port has an address of this kind.
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
