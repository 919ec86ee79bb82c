/** What FETCH asks for (RFC 3501 §6.4.5, RFC 9051 §6.4.5, RFC 3516 §4, RFC 7162 §3.1.4, §3.2.6, RFC 8474 §4.2). */
import { isDigit } from './chars.ts';
import type { CommandOf, FetchItem, SectionText } from './command.ts';
import { type Lexer, latin1, SyntaxFault } from './lexer.ts';
import { FETCH_ITEMS, SECTION_DEPTH } from './limits.ts';
import { list } from './lists.ts';
import { modSequence, nzNumber } from './numbers.ts';
import { astring, keyword } from './strings.ts';

type PlainItem = Exclude<FetchItem, { item: 'BODY[]' | 'BINARY[]' | 'BINARY.SIZE[]' }>['item'];

const FAST: readonly PlainItem[] = ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'];
const MACROS = new Map<string, readonly PlainItem[]>([
  ['FAST', FAST],
  ['ALL', [...FAST, 'ENVELOPE']],
  ['FULL', [...FAST, 'ENVELOPE', 'BODY']],
]);

const PLAIN = new Map<string, PlainItem>(
  (
    [
      ...(['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY', 'BODYSTRUCTURE'] as const),
      ...(['RFC822', 'RFC822.HEADER', 'RFC822.TEXT', 'MODSEQ', 'EMAILID', 'THREADID'] as const),
    ] satisfies PlainItem[]
  ).map((item) => [item, item]),
);

/** `"ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")"` */
export function fetchItems(lexer: Lexer): readonly FetchItem[] {
  if (lexer.atList) {
    const items = list(lexer, 'a list of items', (at) => fetchItem(at, itemName(at)));
    if (items.length > FETCH_ITEMS) throw new SyntaxFault('there are too many items');
    return items;
  }
  const name = itemName(lexer);
  return MACROS.get(name)?.map((item) => ({ item })) ?? [fetchItem(lexer, name)];
}

const itemName = (lexer: Lexer): string => lexer.run(isNameChar, 'a data item').toUpperCase();

/** `fetch-att`: a name alone, or one with a section and a part of it */
function fetchItem(lexer: Lexer, name: string): FetchItem {
  const peek = name.endsWith('.PEEK');
  switch (lexer.peek() === BRACKET ? name : '') {
    case 'BODY':
    case 'BODY.PEEK':
      return { item: 'BODY[]', peek, section: bracketed(lexer, sectionText), ...partial(lexer) };
    case 'BINARY':
    case 'BINARY.PEEK':
      return { item: 'BINARY[]', peek, part: bracketed(lexer, sectionBinary), ...partial(lexer) };
    case 'BINARY.SIZE':
      return { item: 'BINARY.SIZE[]', part: bracketed(lexer, sectionBinary) };
  }
  const item = PLAIN.get(name);
  if (item === undefined) throw new SyntaxFault('a data item is not known');
  return { item };
}

const BRACKET = 0x5b;

function bracketed<T>(lexer: Lexer, read: (lexer: Lexer) => T): T {
  lexer.expect('[', 'a section');
  const section = read(lexer);
  lexer.expect(']', 'the end of the section');
  return section;
}

/** `["<" number64 "." nz-number64 ">"]`; rev1 knows 32 bits of them only */
function partial(lexer: Lexer): { readonly partial?: { readonly start: number; readonly length: number } } {
  if (!lexer.accept('<')) return {};
  const start = lexer.number(Number.MAX_SAFE_INTEGER, 'where a partial fetch begins');
  lexer.expect('.', 'the length of a partial fetch');
  const length = lexer.number(Number.MAX_SAFE_INTEGER, 'the length of a partial fetch');
  if (length === 0) throw new SyntaxFault('the length of a partial fetch cannot be 0');
  lexer.expect('>', 'the end of a partial fetch');
  return { partial: { start, length } };
}

/** `section-binary = "[" [section-part] "]"`, between its brackets */
function sectionBinary(lexer: Lexer): readonly number[] {
  const { part, more } = sectionPart(lexer);
  if (more && part.length > 0) throw new SyntaxFault('a part number expected');
  return part;
}

/** `section-part = nz-number *("." nz-number)`; `more`: a name comes next, or nothing was there */
function sectionPart(lexer: Lexer): { readonly part: readonly number[]; readonly more: boolean } {
  const part: number[] = [];
  let more = true;
  while (more && isDigit(lexer.peek())) {
    if (part.length === SECTION_DEPTH) throw new SyntaxFault('a part number has too many levels');
    part.push(nzNumber(lexer, 'a part number'));
    more = lexer.accept('.');
  }
  return { part, more };
}

/**
 *     section-spec    = section-msgtext / (section-part ["." section-text])
 *     section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT"
 *     section-text    = section-msgtext / "MIME"
 */
function sectionText(lexer: Lexer): SectionText {
  const { part, more } = sectionPart(lexer);
  if (part.length > 0 && !more) return { part, text: '', fields: [] };
  if (part.length === 0 && lexer.peek() === 0x5d) return { part, text: '', fields: [] };
  const text = lexer.run(isNameChar, 'a section').toUpperCase();
  switch (text) {
    case 'HEADER':
    case 'TEXT':
      return { part, text, fields: [] };
    case 'MIME':
      if (part.length > 0) return { part, text, fields: [] };
      throw new SyntaxFault('MIME needs a part number');
    case 'HEADER.FIELDS':
    case 'HEADER.FIELDS.NOT':
      lexer.space();
      return { part, text, fields: headerList(lexer) };
    default:
      throw new SyntaxFault('a section is not known');
  }
}

/** `header-list = "(" header-fld-name *(SP header-fld-name) ")"` */
const headerList = (lexer: Lexer): readonly string[] =>
  list(lexer, 'a list of field names', (at) => latin1(astring(at, 'a field name')));

type Modifiers = Pick<CommandOf<'FETCH'>, 'changedSince' | 'vanished'>;

/** `"(" fetch-modifier *(SP fetch-modifier) ")"`: VANISHED needs CHANGEDSINCE (RFC 7162 §3.2.6) */
export function fetchModifiers(lexer: Lexer): Modifiers {
  const modifiers: Modifiers = Object.assign({ vanished: false }, ...list(lexer, 'a list of modifiers', modifier));
  if (modifiers.vanished && modifiers.changedSince === undefined) throw new SyntaxFault('VANISHED needs CHANGEDSINCE');
  return modifiers;
}

function modifier(lexer: Lexer): Partial<Modifiers> {
  switch (keyword(lexer, 'a modifier')) {
    case 'CHANGEDSINCE':
      lexer.space();
      return { changedSince: modSequence(lexer) };
    case 'VANISHED':
      return { vanished: true };
    default:
      throw new SyntaxFault('a modifier is not known');
  }
}

/** Letters, digits and dots: no item's name has more. */
const isNameChar = (octet: number | undefined): boolean =>
  octet !== undefined && (isDigit(octet) || octet === 0x2e || ((octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a));
