/**
 * What makes two messages the same message: their octets with every line end as CRLF, and without a last one. Servers and
 * mailbox files differ in line ends, and an mbox cannot say whether its message had a last one.
 */
import { createHash } from 'node:crypto';
import { endsWithCr, toCrlf } from '@scorpiox/maildir/format';

/** Octets of a digest that are kept: 128 bits of SHA-256. */
export const DIGEST = 16;

/** A message's identity. */
export interface Identity {
  readonly digest: Buffer;
  /** Octets that went into it. */
  readonly size: number;
}

const NOTHING = Buffer.alloc(0);
const CR = 13;
const LF = 10;

class ContentDigest {
  readonly #hash = createHash('sha256');
  #size = 0;
  #afterCr = false;
  /** A line end, or the first half of one, of which is not known yet whether it is the last. */
  #held: Uint8Array = NOTHING;

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    const shown = toCrlf(chunk, this.#afterCr);
    this.#afterCr = endsWithCr(chunk, this.#afterCr);
    const octets = this.#held.length === 0 ? shown : Buffer.concat([this.#held, shown]);
    const kept = octets.length - heldBack(octets);
    this.#hash.update(octets.subarray(0, kept));
    this.#size += kept;
    this.#held = octets.slice(kept);
  }

  end(): Identity {
    if (this.#held.length === 1) {
      this.#hash.update(this.#held);
      this.#size += 1;
    }
    return { digest: this.#hash.digest().subarray(0, DIGEST), size: this.#size };
  }
}

function heldBack(octets: Uint8Array): number {
  const last = octets[octets.length - 1];
  if (last === CR) return 1;
  return last === LF && octets[octets.length - 2] === CR ? 2 : 0;
}

/** The identity of a message that is read once. */
export async function identify(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Identity> {
  const digest = new ContentDigest();
  for await (const chunk of content) digest.add(chunk);
  return digest.end();
}

/** Names a thing by a text: as long as a digest, so that tables hold either. */
export const keyOf = (text: string): Buffer => createHash('sha256').update(text).digest().subarray(0, DIGEST);
