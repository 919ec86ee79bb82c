// IMAP data as values, so that two servers' words can be compared whether they quote or send literals.

/** A string (one character per octet), NIL, a number or name, or a list. */
export type Tree = string | null | Atom | readonly Tree[];

interface Atom {
  readonly atom: string;
}

const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;
const LITERAL = /\{([0-9]+)\}\r\n/y;
const ATOM = /[^ ()"]+/y;

/** Reads what begins at the first parenthesis. */
function parseTree(text: string): Tree {
  let at = text.indexOf('(');
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    at += match?.[0].length ?? 0;
    return match;
  };
  const list = (): readonly Tree[] => {
    const members: Tree[] = [];
    for (at += 1; text[at] !== ')'; ) {
      if (text[at] === ' ') at += 1;
      else members.push(read());
    }
    at += 1;
    return members;
  };
  const read = (): Tree => {
    if (text[at] === '(') return list();
    const quoted = next(QUOTED);
    if (quoted !== null) return (quoted[1] ?? '').replace(/\\(.)/gs, '$1');
    const length = next(LITERAL)?.[1];
    if (length !== undefined) {
      at += Number(length);
      return text.slice(at - Number(length), at);
    }
    const atom = next(ATOM)?.[0];
    if (atom === undefined) throw new Error(`nothing to read at ${text.slice(at, at + 40)}`);
    return atom === 'NIL' ? null : { atom };
  };
  return read();
}

/** The data of a FETCH response by item name; of items whose names have no blanks. */
export function fetchItems(response: string): Map<string, Tree> {
  const data = parseTree(response);
  if (!isList(data)) throw new Error('no FETCH response');
  const items = new Map<string, Tree>();
  for (let place = 0; place + 1 < data.length; place += 2) {
    const name = data[place] ?? null;
    if (name === null || typeof name === 'string' || isList(name)) throw new Error('no name of an item');
    items.set(name.atom, data[place + 1] ?? null);
  }
  return items;
}

const isList = (tree: Tree): tree is readonly Tree[] => Array.isArray(tree);
