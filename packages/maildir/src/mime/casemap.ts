/**
 * i;unicode-casemap (RFC 5051): how SEARCH compares texts. Each code point by itself becomes its simple title case, and
 * that its compatibility decomposition. So é is found however it was composed, ς is σ, ı is i; but ß is not ss, and the
 * ligature ﬁ, which has no title case, becomes `fi` in lower case: the RFC wants it so. Texts that were mapped are
 * compared as they are; a code point's mapping does not hang on its neighbours, so pieces can be mapped one by one.
 */

const ASCII = /^[\0-\x7f]*$/;

/** The text in the form in which texts are compared. */
export function casemap(text: string): string {
  if (ASCII.test(text)) return text.toUpperCase();
  let out = '';
  let from = 0; // what lies from here on is its own mapping, so far
  for (let at = 0; at < text.length; ) {
    const end = endOfUnit(text, at);
    const to = mapping(text, at, end);
    if (to !== undefined) {
      out += text.slice(from, at) + to;
      from = end;
    }
    at = end;
  }
  return out + text.slice(from);
}

/** The end of what is mapped at once: a run of ASCII, or a code point beyond it. */
function endOfUnit(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) < 0x80) end += 1;
  if (end > at) return end;
  return (text.codePointAt(at) ?? 0) > 0xffff ? at + 2 : at + 1;
}

/** What it becomes; undefined where that is itself. */
function mapping(text: string, at: number, end: number): string | undefined {
  const code = text.codePointAt(at) ?? 0;
  if (code < 0x80) return text.slice(at, end).toUpperCase();
  return code > 0xffff ? mapped(text.slice(at, end), code) : blockOf(code)[code & 0xff];
}

/** The mappings of 256 code units each, made when they are first met; what is its own mapping is undefined. */
const BLOCKS: (readonly (string | undefined)[] | undefined)[] = [];

function blockOf(unit: number): readonly (string | undefined)[] {
  const block = unit >> 8;
  BLOCKS[block] ??= Array.from({ length: 256 }, (_, i) => {
    const char = String.fromCharCode((block << 8) | i);
    const to = mapped(char, (block << 8) | i);
    return to === char ? undefined : to;
  });
  return BLOCKS[block];
}

const mapped = (char: string, code: number): string => titleCase(char, code).normalize('NFKD');

/** UnicodeData's Simple_Titlecase_Mapping, where JavaScript knows only the full upper case. */
function titleCase(char: string, code: number): string {
  const digraph = DIGRAPHS.find(([first, last]) => code >= first && code <= last);
  if (digraph !== undefined) return String.fromCodePoint(digraph[2]);
  if (code >= 0x10d0 && code <= 0x10ff) return char; // Georgian has an upper case, and is its own title case
  const upper = char.toUpperCase();
  return [...upper].length === 1 ? upper : String.fromCodePoint(withIota(code));
}

/** First and last code point of the letters that are two in one, and their title case: Ǆ, Ǉ, Ǌ, Ǳ. */
const DIGRAPHS = [
  [0x1c4, 0x1c6, 0x1c5],
  [0x1c7, 0x1c9, 0x1c8],
  [0x1ca, 0x1cc, 0x1cb],
  [0x1f1, 0x1f3, 0x1f2],
] as const;

/** Greek letters with iota subscript have a title case of one letter; others whose upper case is several have none. */
function withIota(code: number): number {
  if (code >= 0x1f80 && code <= 0x1faf) return code | 8;
  return code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3 ? code + 9 : code;
}
