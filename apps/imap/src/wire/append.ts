/**
 * APPEND, whose last argument is not gathered: the framer asks here, at each literal, whether it is the message.
 *
 *     append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP literal
 */
import type { CommandOf, ParseFailure } from './command.ts';
import { dateTime } from './date.ts';
import { flagList } from './flags.ts';
import type { AppendHead, RawCommand } from './frame.ts';
import { Lexer, SyntaxFault } from './lexer.ts';
import { keyword, mailbox } from './strings.ts';
import { readTag } from './tag.ts';

const PAREN = 0x28;
const QUOTE = 0x22;

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
export function readAppend(raw: RawCommand): AppendPoint {
  const tag = readTag(raw.bytes) ?? '';
  const lexer = new Lexer(raw);
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
  const name = mailbox(lexer);
  lexer.space();
  const flags = lexer.peek() === PAREN ? flagList(lexer) : undefined;
  if (flags !== undefined) lexer.space();
  const internalDate = lexer.peek() === QUOTE ? dateTime(lexer) : undefined;
  if (internalDate !== undefined) lexer.space();
  const length = lexer.pendingLiteral;
  if (length === undefined) throw new SyntaxFault('the message must be a literal');
  const head = { name: 'APPEND', mailbox: name, flags: flags ?? [], length } as const;
  return internalDate === undefined ? head : { ...head, internalDate };
}

/** An APPEND that came without a literal for its message: always a failure, the best one that can be named. */
export function append(lexer: Lexer): never {
  lexer.space();
  appendHead(lexer);
  throw new SyntaxFault('the message must be a literal');
}
