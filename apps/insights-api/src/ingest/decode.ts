import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflate, gunzipSync, inflateSync } from 'node:zlib';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { AT_ONCE_BYTES, AT_ONCE_PACKED_BYTES, DECODED_BYTES } from '../limits.ts';
import type { Lease } from './budget.ts';

/** Why a body could not be read. `overloaded` is worth a retry. */
export interface DecodeProblem {
  readonly code: 'too-large' | 'bad-encoding' | 'unknown-encoding' | 'overloaded';
  readonly message: string;
}

/** A body as it came in, in pieces. */
export type Body = readonly Uint8Array[];

const UNPACKERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate } as const;
const AT_ONCE = { gzip: gunzipSync, 'x-gzip': gunzipSync, deflate: inflateSync } as const;
const isPacking = (encoding: string): encoding is keyof typeof UNPACKERS => Object.hasOwn(UNPACKERS, encoding);

/** What a body is unpacked into. */
interface Sink<T> {
  add(piece: Uint8Array): void;
  end(): T;
}

/** Step "decode", into text. A byte order mark is left out. */
export const decodeText = (
  body: Body,
  encoding: string | undefined,
  lease: Lease,
): Promise<Result<string, DecodeProblem>> => decode(body, encoding, lease, new Text());

/** Step "decode", into bytes. */
export const decodeBytes = (
  body: Body,
  encoding: string | undefined,
  lease: Lease,
): Promise<Result<Buffer, DecodeProblem>> => decode(body, encoding, lease, new Bytes());

/**
 * Decompresses what is small at once, for a stream of its own would cost twenty times the work; everything else piece by
 * piece outside the event loop. Every piece counts against the lease and the limit before the next is made, however small
 * the body was packed.
 */
async function decode<T>(
  body: Body,
  encoding: string | undefined,
  lease: Lease,
  sink: Sink<T>,
): Promise<Result<T, DecodeProblem>> {
  const name = encoding?.trim().toLowerCase() || 'identity';
  const bounded = new Bounded(lease, sink);
  try {
    if (name === 'identity') for (const piece of body) bounded.add(piece);
    else if (isPacking(name)) {
      const whole = unpackAtOnce(body, name);
      if (whole !== undefined) bounded.add(whole);
      else await pipeline(Readable.from(body), UNPACKERS[name](), (pieces) => addAll(bounded, pieces));
    } else return err({ code: 'unknown-encoding', message: 'Content-Encoding must be gzip, deflate or absent.' });
    return ok(sink.end());
  } catch (error) {
    if (error instanceof Refused) return err(error.problem);
    return err({ code: 'bad-encoding', message: `The body is not valid ${name} data.` });
  }
}

/** Undefined where that would hold up everybody else. */
function unpackAtOnce(body: Body, name: keyof typeof AT_ONCE): Buffer | undefined {
  if (body.reduce((sum, { length }) => sum + length, 0) > AT_ONCE_PACKED_BYTES) return undefined;
  try {
    return AT_ONCE[name](Buffer.concat(body), { maxOutputLength: AT_ONCE_BYTES });
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}

async function addAll(bounded: Bounded, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) bounded.add(piece);
}

class Refused extends Error {
  readonly problem: DecodeProblem;

  constructor(problem: DecodeProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Passes pieces on for as long as they are within bounds. */
class Bounded {
  readonly #lease: Lease;
  readonly #sink: Sink<unknown>;
  #length = 0;

  constructor(lease: Lease, sink: Sink<unknown>) {
    this.#lease = lease;
    this.#sink = sink;
  }

  /** Throws `Refused`. */
  add(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > DECODED_BYTES) {
      const message = `The body is larger than ${DECODED_BYTES} bytes when decompressed; send smaller batches.`;
      throw new Refused({ code: 'too-large', message });
    }
    if (!this.#lease.take(piece.length)) throw new Refused(NO_MEMORY);
    this.#sink.add(piece);
  }
}

class Text implements Sink<string> {
  readonly #decoder = new TextDecoder();
  #text = '';

  add(piece: Uint8Array): void {
    this.#text += this.#decoder.decode(piece, { stream: true });
  }

  end(): string {
    return this.#text + this.#decoder.decode();
  }
}

class Bytes implements Sink<Buffer> {
  readonly #pieces: Uint8Array[] = [];

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
  }

  end(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

/** What is said where bodies under way fill the memory set aside for them. */
export const NO_MEMORY: DecodeProblem = {
  code: 'overloaded',
  message: 'Too many batches are under way; try again soon.',
};
