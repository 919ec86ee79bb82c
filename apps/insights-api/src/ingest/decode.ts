import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflate } from 'node:zlib';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { DECODED_BYTES } from '../limits.ts';
import type { Lease } from './budget.ts';

/** Why a body could not be read. `overloaded` is worth a retry. */
export interface DecodeProblem {
  readonly code: 'too-large' | 'bad-encoding' | 'unknown-encoding' | 'overloaded';
  readonly message: string;
}

/** A body as it came in, in pieces. */
export type Body = readonly Uint8Array[];

const UNPACKERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate } as const;
const isPacking = (encoding: string): encoding is keyof typeof UNPACKERS => Object.hasOwn(UNPACKERS, encoding);

/**
 * Step "decode": the body's text, decompressed piece by piece outside the event loop. Every piece counts against the
 * lease and the limit before the next is made, however small the body was packed. A byte order mark is left out.
 */
export async function decodeBody(
  body: Body,
  encoding: string | undefined,
  lease: Lease,
): Promise<Result<string, DecodeProblem>> {
  const name = encoding?.trim().toLowerCase() || 'identity';
  const text = new Text(lease);
  try {
    if (name === 'identity') for (const piece of body) text.add(piece);
    else if (isPacking(name)) await pipeline(Readable.from(body), UNPACKERS[name](), (pieces) => addAll(text, pieces));
    else return err({ code: 'unknown-encoding', message: 'Content-Encoding must be gzip, deflate or absent.' });
    return ok(text.end());
  } catch (error) {
    if (error instanceof Refused) return err(error.problem);
    return err({ code: 'bad-encoding', message: `The body is not valid ${name} data.` });
  }
}

async function addAll(text: Text, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) text.add(piece);
}

class Refused extends Error {
  readonly problem: DecodeProblem;

  constructor(problem: DecodeProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A text that grows within bounds. */
class Text {
  readonly #lease: Lease;
  readonly #decoder = new TextDecoder();
  #length = 0;
  #text = '';

  constructor(lease: Lease) {
    this.#lease = lease;
  }

  /** Throws `Refused`. */
  add(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > DECODED_BYTES) {
      const message = `The body is larger than ${DECODED_BYTES} bytes when decompressed; send smaller batches.`;
      throw new Refused({ code: 'too-large', message });
    }
    if (!this.#lease.take(piece.length)) throw new Refused(NO_MEMORY);
    this.#text += this.#decoder.decode(piece, { stream: true });
  }

  end(): string {
    return this.#text + this.#decoder.decode();
  }
}

/** What is said where bodies under way fill the memory set aside for them. */
export const NO_MEMORY: DecodeProblem = {
  code: 'overloaded',
  message: 'Too many batches are under way; try again soon.',
};
