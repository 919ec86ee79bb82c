/**
 * SEARCH programs (RFC 9051 §6.4.4, RFC 5032, RFC 7162 §3.1.5, RFC 8474 §6): a program as the client sent it, with its sets,
 * intervals and texts resolved, and what can be said of one without any message. Whether a message is one that it finds:
 * match.ts. Pure.
 */
import type { MessageSet, SearchKey } from '../wire/command.ts';
import { type Span, spansOf } from './resolve-set.ts';
import { rangesOf } from './vanished.ts';

/** A text that is looked for, the same object wherever a program asks for the same. */
export interface TextQuery {
  readonly scope: 'body' | 'text' | { readonly header: string };
  readonly text: string;
}

type ResolvedKey =
  | ('SEQUENCE' | 'UID' | 'OLDER' | 'YOUNGER' | 'NOT' | 'OR' | 'AND')
  | ('BCC' | 'BODY' | 'CC' | 'FROM' | 'SUBJECT' | 'TEXT' | 'TO' | 'HEADER');

/**
 * A search program whose sets, intervals and texts are resolved: once for all messages, since a set may have as many ranges
 * as they are. Where keys stand side by side, the cheap ones come first.
 */
export type SearchProgram =
  | Exclude<SearchKey, { readonly key: ResolvedKey }>
  | { readonly key: 'SEQUENCE' | 'UID'; readonly spans: readonly Span[] }
  /** A point in time, seconds since the epoch. */
  | { readonly key: 'OLDER' | 'YOUNGER'; readonly time: number }
  | { readonly key: 'TEXT'; readonly query: TextQuery }
  | { readonly key: 'NOT'; readonly operand: SearchProgram }
  | { readonly key: 'OR' | 'AND'; readonly operands: readonly SearchProgram[] };

/** What a search program is resolved by. */
export interface Resolving {
  /** What `*` stands for. */
  readonly last: { readonly seq: number; readonly uid: number };
  /** What `$` stands for: UIDs, ascending (RFC 5182 §2.1). */
  readonly saved: readonly number[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function searchProgram(key: SearchKey, by: Resolving): SearchProgram {
  const queries = new Map<string, TextQuery>();
  const query = (scope: TextQuery['scope'], text: string): SearchProgram => {
    // The empty string is in everything; of a header field it asks whether there is one.
    if (text === '' && typeof scope === 'string') return { key: 'ALL' };
    const name = JSON.stringify([scope, text]);
    const same = queries.get(name) ?? { scope, text };
    queries.set(name, same);
    return { key: 'TEXT', query: same };
  };
  return resolved(key, by, query);
}

type MakeQuery = (scope: TextQuery['scope'], text: string) => SearchProgram;

function resolved(key: SearchKey, by: Resolving, query: MakeQuery): SearchProgram {
  switch (key.key) {
    case 'SEQUENCE':
      return key.set === 'saved' ? named('UID', key.set, by) : named('SEQUENCE', key.set, by);
    case 'UID':
      return named('UID', key.set, by);
    case 'OLDER':
    case 'YOUNGER':
      return { key: key.key, time: Math.floor(by.now / 1000) - key.seconds };
    case 'BODY':
    case 'TEXT':
      return query(key.key === 'BODY' ? 'body' : 'text', key.text);
    case 'HEADER':
      return query({ header: key.field.toLowerCase() }, key.text);
    case 'BCC':
    case 'CC':
    case 'FROM':
    case 'SUBJECT':
    case 'TO':
      return query({ header: key.key.toLowerCase() }, key.text);
    case 'NOT':
      return { key: 'NOT', operand: resolved(key.operand, by, query) };
    case 'OR':
    case 'AND': {
      const operands = key.operands.map((operand) => resolved(operand, by, query));
      return { key: key.key, operands: operands.toSorted((a, b) => costOf(a) - costOf(b)) };
    }
    default:
      return key;
  }
}

function named(key: 'SEQUENCE' | 'UID', set: MessageSet, { last, saved }: Resolving): SearchProgram {
  if (set === 'saved') return { key: 'UID', spans: rangesOf(saved) };
  return { key, spans: spansOf(set, key === 'UID' ? last.uid : last.seq) };
}

/** How far one has to look for the answer: at numbers and flags, at the file's date and size, into its header, into its body. */
function costOf(key: SearchProgram): number {
  switch (key.key) {
    case 'NOT':
      return costOf(key.operand);
    case 'OR':
    case 'AND':
      return Math.max(...key.operands.map(costOf));
    case 'TEXT':
      return typeof key.query.scope === 'string' ? 3 : 2;
    case 'SENTBEFORE':
    case 'SENTON':
    case 'SENTSINCE':
      return 2;
    default:
      return isOfDetails(key) ? 1 : 0;
  }
}

/** Whether the program holds such a key. */
function holds(program: SearchProgram, is: (key: SearchProgram) => boolean): boolean {
  if (is(program)) return true;
  if (program.key === 'NOT') return holds(program.operand, is);
  return (program.key === 'OR' || program.key === 'AND') && program.operands.some((operand) => holds(operand, is));
}

/** Whether the program may hang on a message's INTERNALDATE, size or object id. */
export const asksDetails = (program: SearchProgram): boolean => holds(program, isOfDetails);

/** Whether it may hang on a message's flags or modification sequence. */
export const asksState = (program: SearchProgram): boolean => holds(program, isOfState);

/** Whether it asks for modification sequences, so that the answer tells one (RFC 7162 §3.1.5). */
export const asksModSeq = (program: SearchProgram): boolean => holds(program, ({ key }) => key === 'MODSEQ');

/** How many keys it has: what it costs to ask it of a message. */
export function keysOf(program: SearchProgram): number {
  let keys = 0;
  holds(program, () => {
    keys += 1;
    return false;
  });
  return keys;
}

/** The texts that it looks for, those of header fields first. */
export function textQueries(program: SearchProgram): TextQuery[] {
  const queries = new Set<TextQuery>();
  holds(program, (key) => {
    if (key.key === 'TEXT') queries.add(key.query);
    return false;
  });
  const rank = ({ scope }: TextQuery): number => (typeof scope === 'string' ? 1 : 0);
  return [...queries].sort((a, b) => rank(a) - rank(b));
}

const DETAIL_KEYS: ReadonlySet<string> = new Set([
  ...(['BEFORE', 'ON', 'SINCE', 'LARGER', 'SMALLER', 'OLDER', 'YOUNGER', 'EMAILID'] satisfies SearchProgram['key'][]),
]);

const isOfDetails = ({ key }: SearchProgram): boolean => DETAIL_KEYS.has(key);

const OTHER_KEYS: ReadonlySet<string> = new Set([
  ...(['NOT', 'OR', 'AND', 'ALL', 'SEQUENCE', 'UID', 'TEXT', 'THREADID'] satisfies SearchProgram['key'][]),
  ...(['SENTBEFORE', 'SENTON', 'SENTSINCE'] satisfies SearchProgram['key'][]),
]);

const isOfState = (key: SearchProgram): boolean => !isOfDetails(key) && !OTHER_KEYS.has(key.key);
