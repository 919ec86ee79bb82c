/** Search programs (RFC 3501 §6.4.4, RFC 9051 §6.4.4, RFC 4731, RFC 5032, RFC 5182, RFC 7162 §3.1.5, RFC 8474 §6). */
import { TextDecoder } from 'node:util';
import { isDigit } from './chars.ts';
import type { CommandOf, SearchKey, SearchReturn } from './command.ts';
import { date } from './date.ts';
import { type Lexer, latin1, SyntaxFault } from './lexer.ts';
import { OBJECT_ID_LENGTH, SEARCH_DEPTH, SEARCH_KEYS } from './limits.ts';
import { listOrEmpty } from './lists.ts';
import { modSequenceOrZero, number63, nzNumber } from './numbers.ts';
import { UNDECLARED_CHARSET } from './quirks.ts';
import { messageSet } from './sequence-set.ts';
import { astring, atom, keyword } from './strings.ts';

/** What the keys of one program share: how strings are decoded, and how many keys there were. */
interface Program {
  readonly lexer: Lexer;
  readonly decode: (octets: Uint8Array) => string;
  keys: number;
}

type Reader = (program: Program, depth: number) => SearchKey;

const FLAG_KEYS = [
  ...(['ALL', 'ANSWERED', 'DELETED', 'DRAFT', 'FLAGGED', 'NEW', 'OLD', 'RECENT', 'SEEN'] as const),
  ...(['UNANSWERED', 'UNDELETED', 'UNDRAFT', 'UNFLAGGED', 'UNSEEN'] as const),
];
const KEYWORD_KEYS = ['KEYWORD', 'UNKEYWORD'] as const;
const DATE_KEYS = ['BEFORE', 'ON', 'SINCE', 'SENTBEFORE', 'SENTON', 'SENTSINCE'] as const;
const TEXT_KEYS = ['BCC', 'BODY', 'CC', 'FROM', 'SUBJECT', 'TEXT', 'TO'] as const;
const SIZE_KEYS = ['LARGER', 'SMALLER'] as const;
const AGE_KEYS = ['OLDER', 'YOUNGER'] as const;
const ID_KEYS = ['EMAILID', 'THREADID'] as const;

const READERS = new Map<string, Reader>([
  ...FLAG_KEYS.map((key): [string, Reader] => [key, () => ({ key })]),
  ...KEYWORD_KEYS.map((key): [string, Reader] => [key, (p) => ({ key, keyword: spaced(p, atom, 'a keyword') })]),
  ...DATE_KEYS.map((key): [string, Reader] => [key, (p) => ({ key, date: spaced(p, date, 'a date') })]),
  ...TEXT_KEYS.map((key): [string, Reader] => [key, (p) => ({ key, text: words(p) })]),
  ...SIZE_KEYS.map((key): [string, Reader] => [key, (p) => ({ key, size: spaced(p, number63, 'a size') })]),
  ...AGE_KEYS.map((key): [string, Reader] => [key, (p) => ({ key, seconds: spaced(p, nzNumber, 'an interval') })]),
  ...ID_KEYS.map((key): [string, Reader] => [key, (p) => ({ key, id: spaced(p, objectId, 'an id') })]),
  ['MODSEQ', (p) => ({ key: 'MODSEQ', modSeq: spaced(p, searchModSeq, '') })],
  ['UID', (p) => ({ key: 'UID', set: spaced(p, messageSet, '') })],
  ['HEADER', (p) => ({ key: 'HEADER', field: latin1(spaced(p, astring, 'a field name')), text: words(p) })],
  ['NOT', (p, depth) => ({ key: 'NOT', operand: operand(p, depth) })],
  ['OR', (p, depth) => ({ key: 'OR', operands: [operand(p, depth), operand(p, depth)] })],
]);

/**
 *     search = "SEARCH" [SP "RETURN" SP "(" [return-opt *(SP return-opt)] ")"] SP search-program
 *     search-program = ["CHARSET" SP astring SP] search-key *(SP search-key)
 *
 * after the blank that follows the name.
 */
export function searchProgram(lexer: Lexer): Pick<CommandOf<'SEARCH'>, 'criteria' | 'returns'> {
  const program: Program = { lexer, decode: decoder(UNDECLARED_CHARSET, lexer.utf8), keys: 0 };
  const first = firstWord(program);
  if (first !== 'RETURN') return { criteria: criteria(program, first) };
  lexer.space();
  const returns = [...new Set(listOrEmpty(lexer, 'a list of return options', returnOption))];
  lexer.space();
  try {
    return { returns, criteria: criteria(program, firstWord(program)) };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault) || fault.kind !== 'bad-charset') throw fault;
    throw new SyntaxFault(fault.message, fault.kind, returns.includes('SAVE'));
  }
}

const RETURNS: ReadonlyMap<string, SearchReturn> = new Map(
  (['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE'] as const).map((option) => [option, option]),
);

function returnOption(lexer: Lexer): SearchReturn {
  const option = RETURNS.get(keyword(lexer, 'a return option'));
  if (option === undefined) throw new SyntaxFault('a return option is not known');
  return option;
}

function criteria(program: Program, first: string): SearchKey {
  if (first !== 'CHARSET') return keysFrom(program, first, 0);
  const label = latin1(spaced(program, astring, 'a charset'));
  program.lexer.space();
  const declared: Program = { ...program, decode: decoder(label, true) };
  return keysFrom(declared, firstWord(declared), 0);
}

const STAR = 0x2a;
const DOLLAR = 0x24;

/** The word that begins the next key; '' where the key is a set or a list. */
function firstWord({ lexer }: Program): string {
  const next = lexer.peek();
  const word = !isDigit(next) && next !== STAR && next !== DOLLAR && !lexer.atList;
  return word ? keyword(lexer, 'a search key') : '';
}

/** One or more keys, ANDed; the first one's word is read already. */
function keysFrom(program: Program, word: string, depth: number): SearchKey {
  const first = keyFrom(program, word, depth);
  const operands = [first];
  while (continues(program)) operands.push(keyFrom(program, firstWord(program), depth));
  return operands.length === 1 ? first : { key: 'AND', operands };
}

/** Whether a blank and another key follow. */
function continues({ lexer }: Program): boolean {
  if (lexer.atEnd || lexer.peek() === 0x29) return false;
  lexer.space();
  return true;
}

/** `search-key = … / sequence-set / "(" search-key *(SP search-key) ")"` */
function keyFrom(program: Program, word: string, depth: number): SearchKey {
  const { lexer } = program;
  program.keys += 1;
  if (program.keys > SEARCH_KEYS) throw new SyntaxFault('the search has too many keys');
  if (depth > SEARCH_DEPTH) throw new SyntaxFault('the search is nested too deeply');
  if (word !== '') {
    const reader = READERS.get(word);
    if (reader === undefined) throw new SyntaxFault('a search key is not known');
    return reader(program, depth);
  }
  if (!lexer.accept('(')) return { key: 'SEQUENCE', set: messageSet(lexer) };
  const inner = keysFrom(program, firstWord(program), depth + 1);
  lexer.expect(')', 'the end of a list of search keys');
  return inner;
}

function operand(program: Program, depth: number): SearchKey {
  program.lexer.space();
  return keyFrom(program, firstWord(program), depth + 1);
}

function spaced<T>({ lexer }: Program, read: (lexer: Lexer, what: string) => T, what: string): T {
  lexer.space();
  return read(lexer, what);
}

const words = (program: Program): string => program.decode(spaced(program, astring, 'a string'));

const ENTRY_NAME = /^\/flags\/\\?[^\\]+$/i;
const ENTRY_TYPES: readonly string[] = ['PRIV', 'SHARED', 'ALL'];

/** `search-modsequence = "MODSEQ" [SP entry-name SP entry-type-req] SP mod-sequence-valzer` */
function searchModSeq(lexer: Lexer): number {
  if (!lexer.atString) return modSequenceOrZero(lexer);
  const entry = latin1(lexer.string('an entry name'));
  lexer.space();
  if (!ENTRY_NAME.test(entry) || !ENTRY_TYPES.includes(keyword(lexer, 'an entry type'))) {
    throw new SyntaxFault('an entry name or type is not known');
  }
  lexer.space();
  return modSequenceOrZero(lexer);
}

const OBJECT_ID = /^[A-Za-z0-9_-]+$/;

/** `objectid = 1*255(ALPHA / DIGIT / "_" / "-")` (RFC 8474 §7) */
function objectId(lexer: Lexer, what: string): string {
  const id = atom(lexer, what);
  if (!OBJECT_ID.test(id) || id.length > OBJECT_ID_LENGTH) throw new SyntaxFault(`${what} has letters that none has`);
  return id;
}

/** US-ASCII is a part of UTF-8, and TextDecoder would read it as windows-1252. */
const ASCII = /^(us-)?ascii$/i;

function decoder(label: string, declared: boolean): (octets: Uint8Array) => string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(ASCII.test(label) ? 'utf-8' : label, { fatal: declared, ignoreBOM: true });
  } catch {
    throw new SyntaxFault('the charset is not known', 'bad-charset');
  }
  return (octets) => {
    try {
      return decoder.decode(octets);
    } catch {
      throw new SyntaxFault('a search string is not in the charset that was given');
    }
  };
}
