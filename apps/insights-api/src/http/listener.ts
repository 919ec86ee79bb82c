import { lookup } from 'node:dns/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { CertificatePair } from '@scorpiox/shared/certificates';
import {
  CONNECTION_TIMEOUT_MS,
  IDLE_CHECK_MS,
  KEEP_ALIVE_MS,
  REQUEST_CHECK_MS,
  REQUEST_TIMEOUT_MS,
  SETTLE,
} from '../limits.ts';
import { answerClientError } from './client-error.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server with the bounds that hold for every connection, plain or over TLS; it does not listen yet. */
export function makeServer(handler: Handler, tls?: CertificatePair): Server {
  const bounds = { requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: REQUEST_CHECK_MS };
  const server =
    tls === undefined
      ? createServer(bounds, handler)
      : createTlsServer({ ...bounds, ...tls, minVersion: OLDEST_TLS }, handler);
  server.timeout = CONNECTION_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('clientError', answerClientError);
  return server;
}

/** Older versions are broken (RFC 8996). */
const OLDEST_TLS = 'TLSv1.2';

/** Sockets that one handler answers on. */
export interface Listener {
  /** Rejects as `net.Server` does. */
  listen(host: string, port: number): Promise<readonly AddressInfo[]>;
  /** Takes no more connections; those that are busy finish. Resolves when none is left. */
  close(): Promise<void>;
  closeAllConnections(): void;
  /** Who connects from now on over TLS gets this certificate. Throws where it cannot be used; then nothing changes. */
  renew(tls: CertificatePair): void;
}

/** Throws where certificate and key cannot be used. */
export function makeListener(handler: Handler, tls?: CertificatePair): Listener {
  const servers = [makeServer(handler, tls)];
  return {
    async listen(host, port) {
      const [first = host, ...more] = await addressesOf(host);
      // The list is made with one.
      const address = await open(servers[0] as Server, first, port);
      const others = await Promise.all(more.map((other) => openBeside(makeServer(handler, tls), other, address.port)));
      servers.push(...others.flatMap((other) => other?.server ?? []));
      return [address, ...others.flatMap((other) => other?.address ?? [])];
    },
    async close() {
      await settle();
      await Promise.all(servers.map(close));
    },
    closeAllConnections() {
      for (const server of servers) server.closeAllConnections();
    },
    renew(pair) {
      for (const server of servers) {
        if (server instanceof TlsServer) server.setSecureContext({ ...pair, minVersion: OLDEST_TLS });
      }
    },
  };
}

/** `localhost` is IPv4 to some programs and IPv6 to others: it listens on both. */
const addressesOf = async (host: string): Promise<readonly string[]> =>
  host === 'localhost' ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];

function open(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // A server that listens on a host and a port has an address of this kind.
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Where the other kind of addresses is not there, or its port is taken, the first one serves. */
const openBeside = (server: Server, host: string, port: number) =>
  open(server, host, port).then(
    (address) => ({ server, address }),
    () => undefined,
  );

/**
 * A request that has come but was not read yet stands on a connection that counts as idle, which would be cut: so what has
 * come is read first, as often as it takes to take a connection and to read from it on a busy event loop.
 */
async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE.rounds; round += 1) {
    await sleep(SETTLE.ms);
    await turn(); // after whatever is there to be read
  }
}

function close(server: Server): Promise<void> {
  // A connection that was busy goes idle later, and would then be kept for its next request.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(idle);
      resolve();
    });
    server.closeIdleConnections();
  });
}
