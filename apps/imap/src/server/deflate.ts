/**
 * What COMPRESS (RFC 4978) puts between a connection and its socket: raw deflate (RFC 1951), either way.
 *
 * The hazards. A few octets of deflate can stand for a thousand times as many. Deflate keeps octets back until it has a
 * block full, and IMAP is a dialogue: whoever waits for an answer must not wait for a block. And a client's stream has no
 * end to wait for: most close the connection without a final block.
 *
 * The rules. Inflating stops while nobody takes what was inflated, and with it reading from the socket. Whatever is
 * written at once, a batch of responses, ends with a sync flush. Writing takes no more than the socket does: its drain is
 * the deflater's. The client's end is the end of what it sent, wherever in its stream it is.
 */
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';
import { DEFLATE } from '../limits.ts';
import type { Sink } from './outgoing.ts';

export class Deflated {
  readonly #deflate = createDeflateRaw({ ...DEFLATE.out, flush: constants.Z_SYNC_FLUSH });
  readonly #inflate = createInflateRaw({
    ...DEFLATE.in,
    flush: constants.Z_SYNC_FLUSH,
    finishFlush: constants.Z_SYNC_FLUSH, // a stream without a final block is no error
  });
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#inflate.on('drain', () => socket.resume());
    this.#deflate.on('error', () => socket.destroy());
    this.#deflate.pipe(socket);
  }

  /** Takes responses; each write goes out as soon as the socket takes it. */
  get sink(): Sink {
    return this.#deflate;
  }

  /** What the client sent, inflated. Errors where it is no deflate; ends where the client ends, or its stream does. */
  get source(): Readable {
    return this.#inflate;
  }

  /** Octets between the two sides of either direction. */
  get held(): number {
    return this.waiting + this.#inflate.writableLength + this.#inflate.readableLength;
  }

  /** Of these, what is on its way to the client. */
  get waiting(): number {
    return this.#deflate.writableLength + this.#deflate.readableLength;
  }

  /** Octets off the socket, which is paused while there are enough of them. */
  take(chunk: Uint8Array): void {
    if (this.#inflate.writable && !this.#inflate.write(chunk)) this.#socket.pause();
  }

  /** Nothing more comes off the socket. */
  endOfInput(): void {
    this.#inflate.end();
  }

  /** Writes what waits, with a final block, then ends the socket. What still comes is not looked at. */
  end(): void {
    this.#inflate.destroy();
    this.#deflate.end();
  }

  /** Lets go of everything at once. */
  destroy(): void {
    this.#inflate.destroy();
    this.#deflate.destroy();
  }
}
