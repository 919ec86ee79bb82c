/**
 * Connections that have not signed in, by where they call from: one address alone must not take all the room there is. They
 * count from the first octet of TCP on, TLS handshakes that never end included, until they sign in or are gone.
 */
import type { Socket } from 'node:net';
import { addressKey } from '../auth/throttle.ts';
import { Tally } from './tally.ts';

export interface StrangerLimits {
  /** Connections from one address without sign-in. */
  readonly perAddress: number;
  /** So many more are told that they are too many. */
  readonly refusals: number;
}

export class Strangers {
  readonly #limits: StrangerLimits;
  readonly #tally = new Tally();
  readonly #known = new Map<string, () => void>();

  constructor(limits: StrangerLimits) {
    this.#limits = limits;
  }

  /** Counts a connection that has just come; false where there is not even room to tell it that it is too many. */
  enter(socket: Socket): boolean {
    const { perAddress, refusals } = this.#limits;
    const address = addressKey(socket.remoteAddress ?? '');
    if (this.#tally.of(address) >= perAddress + refusals) return false;
    const peer = peerOf(socket);
    const leave = this.#tally.add(address);
    this.#known.set(peer, leave);
    socket.once('close', () => {
      leave();
      if (this.#known.get(peer) === leave) this.#known.delete(peer); // the client's port may be another's by now
    });
    return true;
  }

  /** Whether there are too many where this connection, which is counted, comes from. */
  tooMany(socket: Socket): boolean {
    return this.#tally.of(addressKey(socket.remoteAddress ?? '')) > this.#limits.perAddress;
  }

  /** The connection has signed in. `socket` may be the TLS one of that which entered. */
  leave(socket: Socket): void {
    this.#known.get(peerOf(socket))?.();
  }
}

/** What a TCP connection and the TLS within it have in common. */
function peerOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
