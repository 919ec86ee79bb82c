/** What FETCH asks for (RFC 3501 §6.4.5, §9). */
import { isDigit } from './chars.ts';
import type { FetchItem, SectionText } from './command.ts';
import { type Lexer, latin1, SyntaxFault } from './lexer.ts';
import { SECTION_DEPTH } from './limits.ts';
import { nzNumber } from './sequence-set.ts';
import { astring } from './strings.ts';

type PlainItem = Exclude<FetchItem, { item: 'BODY[]' }>['item'];

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
      ...(['RFC822', 'RFC822.HEADER', 'RFC822.TEXT'] as const),
    ] satisfies PlainItem[]
  ).map((item) => [item, item]),
);

/** `"ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")"` */
export function fetchItems(lexer: Lexer): readonly FetchItem[] {
  if (lexer.accept('(')) {
    const items: FetchItem[] = [];
    do items.push(fetchItem(lexer, itemName(lexer)));
    while (lexer.accept(' '));
    lexer.expect(')', 'the end of the list of items');
    return items;
  }
  const name = itemName(lexer);
  return MACROS.get(name)?.map((item) => ({ item })) ?? [fetchItem(lexer, name)];
}

const itemName = (lexer: Lexer): string => lexer.run(isNameChar, 'a data item').toUpperCase();

/** `fetch-att = … / "BODY" section ["<" number "." nz-number ">"] / "BODY.PEEK" section [...]` */
function fetchItem(lexer: Lexer, name: string): FetchItem {
  if ((name === 'BODY' || name === 'BODY.PEEK') && lexer.accept('[')) {
    const section = sectionText(lexer);
    lexer.expect(']', 'the end of the section');
    const peek = name === 'BODY.PEEK';
    return lexer.accept('<')
      ? { item: 'BODY[]', peek, section, partial: partial(lexer) }
      : { item: 'BODY[]', peek, section };
  }
  const item = PLAIN.get(name);
  if (item === undefined) throw new SyntaxFault('a data item is not known');
  return { item };
}

function partial(lexer: Lexer): { start: number; length: number } {
  const start = lexer.number(0xffff_ffff, 'where a partial fetch begins');
  lexer.expect('.', 'the length of a partial fetch');
  const length = nzNumber(lexer, 'the length of a partial fetch');
  lexer.expect('>', 'the end of a partial fetch');
  return { start, length };
}

/**
 *     section-spec    = section-msgtext / (section-part ["." section-text])
 *     section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT"
 *     section-text    = section-msgtext / "MIME"
 */
function sectionText(lexer: Lexer): SectionText {
  const part: number[] = [];
  let more = true;
  while (more && isDigit(lexer.peek())) {
    if (part.length === SECTION_DEPTH) throw new SyntaxFault('a part number has too many levels');
    part.push(nzNumber(lexer, 'a part number'));
    more = lexer.accept('.');
  }
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
function headerList(lexer: Lexer): readonly string[] {
  lexer.expect('(', 'a list of field names');
  const fields: string[] = [];
  do fields.push(latin1(astring(lexer, 'a field name')));
  while (lexer.accept(' '));
  lexer.expect(')', 'the end of the list of field names');
  return fields;
}

/** Letters, digits and dots: no item's name has more. */
const isNameChar = (octet: number | undefined): boolean =>
  octet !== undefined && (isDigit(octet) || octet === 0x2e || ((octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a));
