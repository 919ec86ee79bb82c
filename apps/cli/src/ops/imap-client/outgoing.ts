/** Octets that go: whoever writes waits while the server takes none. */
import type { Duplex } from 'node:stream';
import { ImapError } from './errors.ts';

export class Outgoing {
  readonly #patience: number;
  readonly #taken: () => void;
  #socket: Duplex;
  #corked = false;

  /**
   * @param patience milliseconds in which the server takes nothing until it is taken for stalled.
   * @param taken called when it has taken something.
   */
  constructor(socket: Duplex, patience: number, taken: () => void) {
    this.#patience = patience;
    this.#taken = taken;
    this.#socket = socket;
  }

  become(socket: Duplex): void {
    this.#socket = socket;
  }

  /** What is written in one turn of the event loop goes out together, so that a pipeline is one indeed. */
  async write(octets: Uint8Array | string): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) return; // whoever reads learns why
    if (!this.#corked) {
      this.#corked = true;
      socket.cork();
      setImmediate(() => {
        this.#corked = false;
        socket.uncork();
      });
    }
    if (!socket.write(octets)) await this.#drained(socket);
    this.#taken();
  }

  #drained(socket: Duplex): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        socket.off('drain', done);
        socket.off('close', done);
        act();
      };
      const done = () => settle(resolve);
      const silence = () => new ImapError('silent', `The server has taken nothing for ${this.#patience / 1000} s.`);
      const timer = setTimeout(() => settle(() => reject(silence())), this.#patience);
      socket.on('drain', done);
      socket.on('close', done);
    });
  }
}
