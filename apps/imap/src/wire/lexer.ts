/**
 * Reads the tokens of RFC 3501 §9 off one command. Every method consumes what it names or throws a `SyntaxFault`, which
 * only `parse.ts` and `append.ts` catch. Messages of faults never quote the command: it may hold a password.
 */
import { isDigit } from './chars.ts';
import type { Octets, ParseFailure } from './command.ts';
import type { LiteralSpan, RawCommand } from './frame.ts';
import type { ParseOptions } from './options.ts';
import { eightBitQuoted, trailingBlanks } from './quirks.ts';
import { decodeUtf8 } from './utf8.ts';

/** Why a command could not be read. */
export class SyntaxFault extends Error {
  readonly kind: ParseFailure['kind'];
  /** See `ParseFailure`. */
  readonly saves: boolean;
  constructor(message: string, kind: ParseFailure['kind'] = 'syntax', saves = false) {
    super(message);
    this.kind = kind;
    this.saves = saves;
  }
}

const SP = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const PAREN = 0x28;

export class Lexer {
  readonly #bytes: Uint8Array;
  readonly #literals: readonly LiteralSpan[];
  /** UTF-8 is enabled. */
  readonly utf8: boolean;
  #nextLiteral = 0;
  #at = 0;

  constructor(raw: RawCommand, { utf8 }: ParseOptions) {
    this.utf8 = utf8;
    this.#bytes = raw.bytes;
    this.#literals = raw.literals;
  }

  /** The next octet, or undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** Passes octets that were read by other means. */
  skip(octets: number): void {
    this.#at += octets;
  }

  /** Consumes `char` if it comes next. */
  accept(char: string): boolean {
    if (this.peek() !== char.charCodeAt(0)) return false;
    this.#at += 1;
    return true;
  }

  expect(char: string, what: string): void {
    if (!this.accept(char)) throw new SyntaxFault(`${what} expected`);
  }

  space(): void {
    if (this.peek() !== SP) throw new SyntaxFault('an argument is missing, or a blank before it');
    this.#at += 1;
  }

  /** Nothing but blanks is left. */
  get atEnd(): boolean {
    return trailingBlanks(this.#bytes, this.#at) === this.#bytes.length;
  }

  end(): void {
    if (!this.atEnd) {
      throw new SyntaxFault('something follows the last argument');
    }
  }

  /** The longest run of octets of a class, at least one. */
  run(isMember: (octet: number | undefined) => boolean, what: string): string {
    const start = this.#at;
    while (isMember(this.peek())) this.#at += 1;
    if (this.#at === start) throw new SyntaxFault(`${what} expected`);
    return latin1(this.#bytes.subarray(start, this.#at));
  }

  /** `number`, at most `max`. */
  number(max: number, what: string): number {
    const digits = this.run(isDigit, what);
    const value = Number(digits);
    if (value > max) throw new SyntaxFault(`${what} is out of range`);
    return value;
  }

  /** Whether a quoted string or a literal comes next. */
  get atString(): boolean {
    return this.peek() === QUOTE || this.peek() === BRACE;
  }

  /** Whether a list in parentheses comes next. */
  get atList(): boolean {
    return this.peek() === PAREN;
  }

  /** The literal announced here, if its octets are not part of this command's bytes. */
  get pendingLiteral(): LiteralSpan | undefined {
    const span = this.#literals[this.#nextLiteral];
    return span?.announced === this.#at && span.start === this.#bytes.length ? span : undefined;
  }

  /** `string = quoted / literal`; `kind` is the failure of one that must be UTF-8 and is not. */
  string(what: string, kind: ParseFailure['kind'] = 'syntax'): Octets {
    if (this.peek() === QUOTE) return this.#checked(this.#quoted(), kind);
    if (this.peek() === BRACE) return this.#literal();
    throw new SyntaxFault(`${what} expected`);
  }

  /** `quoted = DQUOTE *QUOTED-CHAR DQUOTE` */
  #quoted(): Octets {
    const value: number[] = [];
    for (let at = this.#at + 1; at < this.#bytes.length; at++) {
      let octet = this.#bytes[at] ?? 0;
      if (octet === QUOTE) {
        this.#at = at + 1;
        return Uint8Array.from(value);
      }
      if (octet === BACKSLASH) {
        at += 1;
        octet = this.#bytes[at] ?? 0;
        if (octet !== QUOTE && octet !== BACKSLASH) throw new SyntaxFault('only \\" and \\\\ may be escaped');
      } else if (octet === 0 || octet === 0x0a || octet === 0x0d) {
        throw new SyntaxFault('a quoted string holds a control character that needs a literal');
      } else if (octet > 0x7f && !eightBitQuoted(octet)) {
        throw new SyntaxFault('a quoted string holds an octet that needs a literal');
      }
      value.push(octet);
    }
    throw new SyntaxFault('a quoted string does not end');
  }

  /** Once UTF-8 is enabled, a quoted string is UTF-8 or illegal (RFC 6855 §3). */
  #checked(octets: Octets, kind: ParseFailure['kind']): Octets {
    if (!this.utf8 || decodeUtf8(octets) !== undefined) return octets;
    throw new SyntaxFault('a quoted string is not UTF-8', kind);
  }

  /** `literal = "{" number "}" CRLF *CHAR8`, where the framer found one. */
  #literal(): Octets {
    const span = this.#literals[this.#nextLiteral];
    if (span === undefined || span.announced !== this.#at) throw new SyntaxFault('a brace opens no literal');
    const octets = this.#bytes.slice(span.start, span.start + span.length);
    if (octets.includes(0)) throw new SyntaxFault('a literal holds a NUL octet');
    this.#nextLiteral += 1;
    this.#at = span.start + span.length;
    return octets;
  }
}

/** One character per octet. */
export const latin1 = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
