/**
 * APPEND, whose messages are not gathered: the framer asks here, at each literal, whether it is a message.
 *
 *     append         = "APPEND" SP mailbox 1*append-message
 *     append-message = [SP flag-list] [SP date-time] SP append-data
 *     append-data    = literal / literal8 / "UTF8" SP "(" literal8 ")"
 *
 * (RFC 3502, RFC 9051 §9, RFC 6855 §4.)
 */
import type { Announcement } from './announcement.ts';
import type { AppendedMessage, CommandOf, ParseFailure } from './command.ts';
import { dateTime } from './date.ts';
import { flagList } from './flags.ts';
import type { AppendHead, RawCommand } from './frame.ts';
import { Lexer, SyntaxFault } from './lexer.ts';
import type { ParseOptions } from './options.ts';
import { keyword, mailbox } from './strings.ts';
import { readTag } from './tag.ts';

const QUOTE = 0x22;
const BRACE = 0x7b;
const TILDE = 0x7e;

/** What the literal just announced is. */
type AppendPoint =
  | { readonly kind: 'argument' }
  | { readonly kind: 'message'; readonly head: AppendHead }
  | { readonly kind: 'failure'; readonly failure: ParseFailure };

/** Whether the command is an APPEND, by its tag and name alone. */
export function isAppend({ bytes }: RawCommand): boolean {
  const tag = readTag(bytes);
  if (tag === undefined) return false;
  const name = bytes.subarray(tag.length + 1, tag.length + 8);
  return String.fromCharCode(...name).toUpperCase() === 'APPEND ';
}

/** Reads an APPEND that ends with the announcement of a literal whose octets have not come. */
export function readAppend(raw: RawCommand, options: ParseOptions): AppendPoint {
  const tag = readTag(raw.bytes) ?? '';
  const lexer = new Lexer(raw, options);
  try {
    lexer.skip(tag.length + 1);
    keyword(lexer, 'a command');
    lexer.space();
    if (lexer.pendingLiteral !== undefined) return { kind: 'argument' };
    return { kind: 'message', head: { tag, body: appendHead(lexer) } };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { kind: 'failure', failure: { tag, kind: fault.kind, message: fault.message } };
  }
}

function appendHead(lexer: Lexer): CommandOf<'APPEND'> {
  return { name: 'APPEND', mailbox: mailbox(lexer), first: appendedMessage(lexer) };
}

/** A line that follows a message and announces a literal: where the head and the announcement in it begin. */
interface NextLine {
  readonly line: Uint8Array;
  readonly from: number;
  readonly announced: number;
  readonly literal: Announcement;
}

/** Reads the head of a further message of an APPEND. */
export function readNextHead(next: NextLine, options: ParseOptions): AppendedMessage | SyntaxFault {
  const bytes = next.line.subarray(next.from);
  const { length, binary } = next.literal;
  const literals = [{ announced: next.announced - next.from, start: bytes.length, length, binary }];
  try {
    return appendedMessage(new Lexer({ bytes, literals }, options));
  } catch (fault) {
    if (fault instanceof SyntaxFault) return fault;
    throw fault;
  }
}

/** `append-message`, up to the octets of its literal */
function appendedMessage(lexer: Lexer): AppendedMessage {
  lexer.space();
  const flags = lexer.atList ? flagList(lexer) : undefined;
  if (flags !== undefined) lexer.space();
  const internalDate = lexer.peek() === QUOTE ? dateTime(lexer) : undefined;
  if (internalDate !== undefined) lexer.space();
  const utf8 = lexer.peek() !== BRACE && lexer.peek() !== TILDE;
  if (utf8) utf8Open(lexer);
  const literal = lexer.pendingLiteral;
  if (literal === undefined) throw new SyntaxFault('the message must be a literal');
  const { length, binary } = literal;
  if (utf8 && !binary) throw new SyntaxFault('a message in UTF8 must be a literal8');
  const head = { flags: flags ?? [], length, binary, utf8 };
  return internalDate === undefined ? head : { ...head, internalDate };
}

function utf8Open(lexer: Lexer): void {
  if (keyword(lexer, 'the message as a literal') !== 'UTF8') throw new SyntaxFault('the message must be a literal');
  lexer.space();
  lexer.expect('(', 'a message in UTF8');
}

/** An APPEND that came without a literal for its message: always a failure, the best one that can be named. */
export function append(lexer: Lexer): never {
  lexer.space();
  appendHead(lexer);
  throw new SyntaxFault('the message must be a literal');
}
