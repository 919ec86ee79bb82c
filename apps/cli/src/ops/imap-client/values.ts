/** What stands in a response: its words, as RFC 9051 §4 knows them. Pure. */
import { ImapError } from './errors.ts';

/**
 * NIL; a text (an atom, a number, a quoted string); the octets of a literal; a literal whose octets went elsewhere; a
 * parenthesized list.
 */
export type Value = null | string | Buffer | Streamed | readonly Value[];

interface Streamed {
  readonly streamed: number;
}

/** A response as it came: pieces of text, and what stands between them. */
export type Piece = string | Buffer | Streamed;

/** The text of a string in whatever form it came; undefined for what is none. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
}

/** Rejects with `protocol` what is no sequence of values. */
export function parseValues(pieces: readonly Piece[]): readonly Value[] {
  const reader = new Reader(pieces);
  return reader.list(undefined);
}

/** Up to where an atom goes; what stands in brackets belongs to it: `BODY[HEADER.FIELDS (DATE)]<0>`. */
const ATOM = /(?:[^\s()"[]|\[[^\]]*\])+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;

class Reader {
  readonly #pieces: readonly Piece[];
  #piece = 0;
  #at = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Values up to `end`, or to the end of the response. */
  list(end: ')' | undefined): readonly Value[] {
    const values: Value[] = [];
    for (;;) {
      const next = this.#peek();
      if (next === undefined || next === ')') {
        if (next !== end) throw new ImapError('protocol', 'The server sent a response whose parentheses do not match.');
        this.#at += 1;
        return values;
      }
      values.push(this.#value(next));
    }
  }

  #value(next: string | Exclude<Piece, string>): Value {
    if (typeof next !== 'string') {
      this.#piece += 1;
      return next;
    }
    if (next === '(') {
      this.#at += 1;
      return this.list(')');
    }
    if (next === '"') return this.#match(QUOTED).replace(/\\(.)/gs, '$1');
    const atom = this.#match(ATOM);
    return /^nil$/i.test(atom) ? null : atom;
  }

  /** The next character that is no blank, or a literal; undefined at the end. */
  #peek(): string | Exclude<Piece, string> | undefined {
    for (;;) {
      const piece = this.#pieces[this.#piece];
      if (typeof piece !== 'string') return piece;
      while (piece[this.#at] === ' ' || piece[this.#at] === '\t') this.#at += 1;
      if (this.#at < piece.length) return piece[this.#at];
      this.#piece += 1;
      this.#at = 0;
    }
  }

  /** What the pattern takes for the text: its group, or all. */
  #match(pattern: RegExp): string {
    const piece = this.#pieces[this.#piece];
    pattern.lastIndex = this.#at;
    const match = typeof piece === 'string' ? pattern.exec(piece) : null;
    if (match === null) throw new ImapError('protocol', 'The server sent a response that is not IMAP.');
    this.#at = pattern.lastIndex;
    return match[1] ?? match[0];
  }
}
