/**
 * Where connections come in. This listens, and says who came through which door; whom there is room for, and who serves
 * them, is for others to say, who may be in another process.
 */
import { createServer, type ListenOptions, type Server, Socket } from 'node:net';
import { prepareSocketFile } from './socket-file.ts';

/** A client's connection as it is accepted; other rooms pass it on and do no more with it. */
export type ClientSocket = Socket;

/** What is spoken behind it: IMAP with STARTTLS, IMAP over TLS from the first octet, or LMTP. */
export type Door = 'imap' | 'imaps' | 'lmtp';

/** Somewhere to listen, with the configuration's key for it. */
export type Place =
  | { readonly key: PortKey; readonly door: Door; readonly host: string; readonly port: number }
  | { readonly key: 'imap.lmtp_socket'; readonly door: 'lmtp'; readonly path: string };

type PortKey = 'imap.port' | 'imap.tls_port' | 'imap.lmtp_port';

/** Where mail servers deliver by TCP: whoever can connect may put mail into every mailbox. */
const LMTP_HOST = '127.0.0.1';

/** Where IMAP listens; a port of 0 is any free one. */
export function imapPlaces(at: { readonly host: string; readonly port: number; readonly tlsPort: number }): Place[] {
  return [
    { key: 'imap.port', door: 'imap', host: at.host, port: at.port },
    { key: 'imap.tls_port', door: 'imaps', host: at.host, port: at.tlsPort },
  ];
}

/** Where LMTP listens: the Unix socket first, then the port. */
export function lmtpPlaces(at: { readonly port: number | undefined; readonly socket: string | undefined }): Place[] {
  const places: Place[] = [];
  if (at.socket !== undefined) places.push({ key: 'imap.lmtp_socket', door: 'lmtp', path: at.socket });
  if (at.port !== undefined) places.push({ key: 'imap.lmtp_port', door: 'lmtp', host: LMTP_HOST, port: at.port });
  return places;
}

/** What may be done about a place that cannot be had. */
const ADVICE: Readonly<Record<Place['key'], string>> = {
  'imap.port': 'another port',
  'imap.tls_port': 'another port',
  'imap.lmtp_port': 'another port, or to 0 for none',
  'imap.lmtp_socket': 'another path',
};

/** A place cannot be listened on; `message` says which key to change. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

export interface PortsOptions {
  /** Takes a connection as it is: what it sends is not read before, or not at all where it is `paused`. */
  readonly arrived: (socket: Socket, door: Door) => void;
  /** Nothing is read here: the connections are for other processes. */
  readonly paused?: boolean;
}

export class Ports {
  readonly #options: PortsOptions;
  readonly #servers: Server[] = [];

  constructor(options: PortsOptions) {
    this.#options = options;
  }

  /** Listens on all of the places, or on none; their ports in the same order, 0 for a file. Rejects with `PortError`. */
  async open(places: readonly Place[]): Promise<readonly number[]> {
    const ports: number[] = [];
    try {
      for (const place of places) ports.push(await this.#open(place));
      return ports;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Lets nobody in any more. */
  close(): void {
    for (const server of this.#servers.splice(0)) server.close();
  }

  async #open(place: Place): Promise<number> {
    try {
      if (!('path' in place)) return await this.#listen(place.door, { host: place.host, port: place.port });
      await prepareSocketFile(place.path);
      return await this.#listen(place.door, { path: place.path, readableAll: true, writableAll: true });
    } catch (error) {
      throw portError(error, place);
    }
  }

  #listen(door: Door, where: ListenOptions): Promise<number> {
    const { arrived, paused = false } = this.#options;
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: paused }, (socket) => arrived(socket, door));
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(where, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }
}

/** A connection that another process let in; undefined where the client has gone meanwhile. */
export function received(handle: unknown): ClientSocket | undefined {
  if (!(handle instanceof Socket)) return undefined;
  handle.allowHalfOpen = true; // as those that come in here
  return handle;
}

function portError(error: unknown, place: Place): PortError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reason = error instanceof Error ? error.message : 'unknown reason';
  const what = 'path' in place ? `The socket ${place.path}` : `Port ${place.port} on ${place.host}`;
  const change = `Set ${place.key} (${variableOf(place.key)}) to ${ADVICE[place.key]}.`;
  if (code === 'EADDRINUSE') return new PortError(`${what} is in use. ${change}`);
  if (code === 'EACCES') return new PortError(`${what} needs more rights. ${change}`);
  if ('host' in place && (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')) {
    const own = 'Set imap.host (SCORPIOX_IMAP_HOST) to one of its own.';
    return new PortError(`${place.host} is no address of this machine. ${own}`);
  }
  return new PortError(`${what} cannot be listened on: ${reason}. ${change}`);
}

const variableOf = (key: string): string => `SCORPIOX_${key.replace('.', '_').toUpperCase()}`;
