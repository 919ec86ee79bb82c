/**
 * SEARCH programs on one message (RFC 9051 §6.4.4, RFC 5032, RFC 7162 §3.1.5, RFC 8474 §6). Pure over `Candidate`: what is
 * at hand is asked first, and a message's file is opened only where the answer hangs on it. Answers are true, false, or
 * undefined where more has to be known, so that whoever asks may learn a message's numbers, flags, date and size, and what
 * the text index says, one after the other, as far as it takes.
 */
import { createMatcher, headerValues, matches, sentDate } from '@scorpiox/maildir/mime';
import type { MessageSet, SearchKey } from '../wire/command.ts';
import { hasFlag } from './flags.ts';
import { type Span, spansHave, spansOf } from './resolve-set.ts';
import { rangesOf } from './vanished.ts';

/** What is known of a message without its content: its numbers at least. */
export interface AtHand {
  readonly seq: number;
  readonly uid: number;
  readonly state?: { readonly flags: ReadonlySet<string>; readonly recent: boolean; readonly modSeq: number };
  /** INTERNALDATE in milliseconds since the epoch, octets, and the object id. */
  readonly details?: { readonly internalDate: number; readonly size: number; readonly emailId: string };
}

/** A message that may be found. Of what is not at hand, the program asks nothing: see `asksDetails`. */
export interface Candidate extends AtHand {
  /** The octets of its header. */
  header(): Promise<Uint8Array>;
  /** The octets of a header that says the same as to when it was sent. */
  dateHeader(): Promise<Uint8Array>;
  /** Its decoded text in pieces. */
  text(scope: 'body' | 'text'): AsyncIterable<string>;
}

/** A text that is looked for, the same object wherever a program asks for the same. */
export interface TextQuery {
  readonly scope: 'body' | 'text' | { readonly header: string };
  readonly text: string;
}

/** What the text index says of a message; undefined where it says nothing. */
export type TextAnswers = (query: TextQuery, uid: number) => boolean | undefined;

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

const NO_ANSWERS: TextAnswers = () => undefined;

/** Whether the message is what the search program asks for. */
export async function matchesSearch(
  key: SearchProgram,
  message: Candidate,
  texts: TextAnswers = NO_ANSWERS,
): Promise<boolean> {
  return matchAtHand(key, message, texts) ?? (await matchContent(key, message, texts));
}

/** The answer from what is at hand; undefined where it takes more. */
export function matchAtHand(key: SearchProgram, message: AtHand, texts: TextAnswers = NO_ANSWERS): boolean | undefined {
  const { state, details } = message;
  switch (key.key) {
    case 'NOT': {
      const answer = matchAtHand(key.operand, message, texts);
      return answer === undefined ? undefined : !answer;
    }
    case 'OR':
      return anyOf(key.operands, message, texts, true);
    case 'AND':
      return anyOf(key.operands, message, texts, false);
    case 'SEQUENCE':
      return spansHave(key.spans, message.seq);
    case 'UID':
      return spansHave(key.spans, message.uid);
    case 'TEXT':
      return texts(key.query, message.uid);
    case 'KEYWORD':
      return state && hasFlag(state.flags, key.keyword);
    case 'UNKEYWORD':
      return state && !hasFlag(state.flags, key.keyword);
    case 'MODSEQ':
      return state && state.modSeq >= key.modSeq;
    case 'LARGER':
    case 'SMALLER':
    case 'BEFORE':
    case 'ON':
    case 'SINCE':
    case 'OLDER':
    case 'YOUNGER':
    case 'EMAILID':
      return details && matchDetails(key, details);
    case 'ALL':
      return true;
    case 'THREADID':
      return false; // no message is in a thread (RFC 8474 §5.2)
    case 'SENTBEFORE':
    case 'SENTON':
    case 'SENTSINCE':
      return undefined;
    default:
      return state && matchFlag(key.key, state);
  }
}

/** Undefined for keys that do not ask for those. */
function matchDetails(
  key: SearchProgram,
  { size, internalDate, emailId }: NonNullable<AtHand['details']>,
): boolean | undefined {
  switch (key.key) {
    case 'LARGER':
      return size > key.size;
    case 'SMALLER':
      return size < key.size;
    case 'BEFORE':
      return dayOf(internalDate) < key.date;
    case 'ON':
      return dayOf(internalDate) === key.date;
    case 'SINCE':
      return dayOf(internalDate) >= key.date;
    case 'OLDER':
      return Math.floor(internalDate / 1000) <= key.time;
    case 'YOUNGER':
      return Math.floor(internalDate / 1000) >= key.time;
    case 'EMAILID':
      return emailId === key.id;
    default:
      return undefined;
  }
}

type StatusKey = 'ANSWERED' | 'DELETED' | 'DRAFT' | 'FLAGGED' | 'NEW' | 'OLD' | 'RECENT' | 'SEEN';
/** Keys without arguments that ask for flags. */
type FlagKey = StatusKey | 'UNANSWERED' | 'UNDELETED' | 'UNDRAFT' | 'UNFLAGGED' | 'UNSEEN';

function matchFlag(key: FlagKey, { flags, recent }: NonNullable<AtHand['state']>): boolean {
  switch (key) {
    case 'RECENT':
      return recent;
    case 'OLD':
      return !recent;
    case 'NEW':
      return recent && !flags.has('\\Seen');
    case 'ANSWERED':
      return flags.has('\\Answered');
    case 'DELETED':
      return flags.has('\\Deleted');
    case 'DRAFT':
      return flags.has('\\Draft');
    case 'FLAGGED':
      return flags.has('\\Flagged');
    case 'SEEN':
      return flags.has('\\Seen');
    case 'UNANSWERED':
      return !flags.has('\\Answered');
    case 'UNDELETED':
      return !flags.has('\\Deleted');
    case 'UNDRAFT':
      return !flags.has('\\Draft');
    case 'UNFLAGGED':
      return !flags.has('\\Flagged');
    case 'UNSEEN':
      return !flags.has('\\Seen');
  }
}

async function matchContent(key: SearchProgram, message: Candidate, texts: TextAnswers): Promise<boolean> {
  switch (key.key) {
    case 'NOT':
      return !(await matchesSearch(key.operand, message, texts));
    case 'OR':
      for (const operand of key.operands) if (await matchesSearch(operand, message, texts)) return true;
      return false;
    case 'AND':
      for (const operand of key.operands) if (!(await matchesSearch(operand, message, texts))) return false;
      return true;
    case 'SENTBEFORE':
      return compareSent(message, (day) => day < key.date);
    case 'SENTON':
      return compareSent(message, (day) => day === key.date);
    case 'SENTSINCE':
      return compareSent(message, (day) => day >= key.date);
    case 'TEXT':
      return matchText(message, key.query);
    default:
      return matchAtHand(key, message, texts) ?? false;
  }
}

async function matchText(message: Candidate, { scope, text }: TextQuery): Promise<boolean> {
  if (typeof scope === 'object') {
    const values = headerValues(await message.header(), scope.header);
    return values.some((value) => matches([value], text));
  }
  const matcher = createMatcher(text);
  for await (const piece of message.text(scope)) if (matcher.push(piece)) return true;
  return false;
}

async function compareSent(message: Candidate, compare: (day: string) => boolean): Promise<boolean> {
  const day = sentDate(await message.dateHeader());
  return day !== null && compare(day);
}

/** The day as INTERNALDATE shows it, which is in UTC. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** `decisive` where an operand has that answer; undefined where one may yet have it. */
function anyOf(
  operands: readonly SearchProgram[],
  message: AtHand,
  texts: TextAnswers,
  decisive: boolean,
): boolean | undefined {
  let isOpen = false;
  for (const operand of operands) {
    const answer = matchAtHand(operand, message, texts);
    if (answer === decisive) return decisive;
    isOpen ||= answer === undefined;
  }
  return isOpen ? undefined : !decisive;
}
