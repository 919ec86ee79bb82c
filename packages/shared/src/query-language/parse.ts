import { nearest } from '../config/suggest.ts';
import { err, ok, type Result } from '../result.ts';
import { type FieldName, type FieldSpec, fieldNames, findField } from './fields.ts';
import { MAX_DEPTH, MAX_QUERY_LENGTH, MAX_TERMS } from './limits.ts';
import { readTest, toPattern } from './parse-test.ts';
import type { ParsedQuery, Place, Query, QueryError } from './query.ts';
import { QueryFault, Scanner } from './scanner.ts';

/*
 *   query  = or
 *   or     = and *( "OR" and )
 *   and    = unary *( [ "AND" ] unary )
 *   unary  = ( "-" / "NOT" ) unary / "(" or ")" / term
 *   term   = field ":" test / word
 *
 * docs/query-language.md is the grammar for people. The parser goes from left to right and never back further than to the
 * beginning of a term, so it takes time in proportion to the text.
 */

/** Reads a query; an empty one means every event. Never throws. */
export function parseQuery(text: string): Result<ParsedQuery, QueryError> {
  try {
    if (text.length > MAX_QUERY_LENGTH) {
      throw new QueryFault(MAX_QUERY_LENGTH, `A query has at most ${MAX_QUERY_LENGTH} characters.`);
    }
    return ok(new Parser(text).parse());
  } catch (error) {
    if (error instanceof QueryFault) return err(error.error);
    throw error;
  }
}

/** A field by itself, as `status` or `properties.tenant`; a map may stand without a key. Undefined where there is none. */
export function parsePlace(text: string): Place | undefined {
  const map = findField(text);
  if (map !== undefined) return { field: map.name };
  try {
    const parser = new Parser(`${text}:`);
    return parser.place();
  } catch (error) {
    if (error instanceof QueryFault) return undefined;
    throw error;
  }
}

const FIELD = /[\p{L}_][\p{L}\p{N}_]*/uy;
const KEY = /[^\s()":*]+/uy;
/** What makes a longer name of it, up to a colon: `user.id:`. */
const LONGER = /[^\s()":*]+(?=:)/uy;

class Parser {
  readonly #scanner: Scanner;
  readonly #columns = new Map<Query, number>();
  #terms = 0;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  parse(): ParsedQuery {
    const scanner = this.#scanner;
    scanner.skipBlanks();
    if (scanner.done) return { query: { op: 'all' }, columns: this.#columns };
    const query = this.#or(0);
    if (!scanner.done) throw new QueryFault(scanner.at, 'This parenthesis closes none.');
    return { query, columns: this.#columns };
  }

  /** A field with its colon and nothing behind it. */
  place(): Place | undefined {
    const named = this.#field();
    return this.#scanner.done ? named?.place : undefined;
  }

  #or(depth: number): Query {
    const parts = [this.#and(depth)];
    while (this.#scanner.takeKeyword('OR')) parts.push(this.#and(depth));
    return join('or', parts);
  }

  #and(depth: number): Query {
    const parts = [this.#unary(depth)];
    while (!this.#atEndOfAnd()) {
      this.#scanner.takeKeyword('AND');
      parts.push(this.#unary(depth));
    }
    return join('and', parts);
  }

  /** Whether the next thing is no further part; leaves the scanner at it. */
  #atEndOfAnd(): boolean {
    const scanner = this.#scanner;
    scanner.skipBlanks();
    if (scanner.done || scanner.next === ')') return true;
    const { at } = scanner;
    const isOr = scanner.takeKeyword('OR');
    scanner.at = at;
    return isOr;
  }

  #unary(depth: number): Query {
    const scanner = this.#scanner;
    scanner.skipBlanks();
    const { at } = scanner;
    if (depth > MAX_DEPTH) throw new QueryFault(at, `Parentheses and negations nest at most ${MAX_DEPTH} deep.`);
    if (scanner.done || scanner.next === ')') throw new QueryFault(at, 'A term is missing here.');
    for (const keyword of ['OR', 'AND']) {
      if (scanner.takeKeyword(keyword))
        throw new QueryFault(at, `${keyword} stands between two terms; quote it as a text.`);
    }
    if (scanner.takeKeyword('NOT')) return { op: 'not', part: this.#unary(depth + 1) };
    if (scanner.take('-')) {
      if (/^\s?$/.test(scanner.next)) throw new QueryFault(at, 'A minus stands directly before what is not wanted.');
      return { op: 'not', part: this.#unary(depth + 1) };
    }
    return scanner.take('(') ? this.#group(at, depth) : this.#term();
  }

  /** What stands in parentheses, the opening one of which is at `at`. */
  #group(at: number, depth: number): Query {
    const inner = this.#or(depth + 1);
    if (!this.#scanner.take(')')) throw new QueryFault(at, 'A parenthesis is opened here and not closed.');
    return inner;
  }

  #term(): Query {
    const { at } = this.#scanner;
    this.#terms += 1;
    if (this.#terms > MAX_TERMS) throw new QueryFault(at, `A query has at most ${MAX_TERMS} terms.`);
    const named = this.#field();
    const query = named === undefined ? this.#text() : readTest(this.#scanner, named.spec, named.place);
    this.#columns.set(query, at + 1);
    return query;
  }

  #text(): Query {
    const word = this.#scanner.readWord();
    const segments = [...word.segments];
    // It is looked for anywhere, so a wildcard at an end says nothing.
    while (segments.length > 1 && segments[0] === '') segments.shift();
    while (segments.length > 1 && segments.at(-1) === '') segments.pop();
    if (segments.length === 1 && segments[0] === '') {
      if (word.segments.length === 1) throw new QueryFault(word.at, 'There is no empty text to look for.');
      return { op: 'all' };
    }
    return { op: 'text', pattern: toPattern({ ...word, segments }) };
  }

  /** The field that a term names, with its colon; the scanner stays where there is none. */
  #field(): { readonly spec: FieldSpec & { readonly name: FieldName }; readonly place: Place } | undefined {
    const scanner = this.#scanner;
    const { at } = scanner;
    const name = scanner.takeMatch(FIELD)?.[0];
    const spec = name === undefined ? undefined : findField(name);
    if (spec?.keyed && scanner.take('.')) {
      const key = this.#key(spec);
      if (key !== undefined) return { spec, place: { field: spec.name, key } };
    } else if (name !== undefined) {
      const longer = scanner.takeMatch(LONGER)?.[0];
      if (longer !== undefined) throw unknownField(at, name + longer, `properties.${name}${longer}`);
      if (scanner.take(':')) {
        if (spec === undefined) throw unknownField(at, name, nearest(name, fieldNames()));
        if (spec.keyed) throw missingKey(scanner.at - 1, spec);
        return { spec, place: { field: spec.name } };
      }
    }
    scanner.at = at;
    return undefined;
  }

  /** The key after `properties.`, with its colon. Undefined where what follows is just a text. */
  #key(spec: FieldSpec): string | undefined {
    const scanner = this.#scanner;
    const { at } = scanner;
    const quoted = scanner.next === '"';
    const key = quoted ? scanner.readQuoted() : scanner.takeMatch(KEY)?.[0];
    if (!scanner.take(':')) return undefined;
    if (key === undefined || key === '') throw missingKey(at, spec);
    return key;
  }
}

/** Parts of the same kind are as good as one list. */
function join(op: 'and' | 'or', parts: readonly Query[]): Query {
  const flat = parts.flatMap((part) => (part.op === op ? part.parts : [part]));
  const [first] = flat;
  return flat.length === 1 && first !== undefined ? first : { op, parts: flat };
}

const missingKey = (at: number, { name }: FieldSpec) => new QueryFault(at, `A key is missing: ${name}.KEY:…`);

function unknownField(at: number, name: string, meant: string | undefined): QueryFault {
  const hint = meant === undefined ? '' : ` Is it ${meant}?`;
  return new QueryFault(at, `There is no field ${name}.${hint} A text that has a colon stands in quotes.`);
}
