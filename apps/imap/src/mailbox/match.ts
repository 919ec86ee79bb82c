/**
 * SEARCH programs on one message (RFC 3501 §6.4.4). Pure over `Candidate`: what is at hand is asked first, and a
 * message's file is opened only where the answer hangs on it.
 */
import { createMatcher, headerValues, matches, sentDate } from '../message/search-text.ts';
import type { SearchKey } from '../wire/command.ts';
import { hasFlag } from './flags.ts';
import { type Span, spansHave, spansOf } from './resolve-set.ts';

/** A message that may be found. */
export interface Candidate {
  readonly seq: number;
  readonly uid: number;
  readonly flags: ReadonlySet<string>;
  readonly recent: boolean;
  /** Milliseconds since the epoch. */
  readonly internalDate: number;
  readonly size: number;
  /** The octets of its header. */
  header(): Promise<Uint8Array>;
  /** Its decoded text in pieces. */
  text(scope: 'body' | 'text'): AsyncIterable<string>;
}

/** A search program whose sets are resolved: once for all messages, since a set may have as many ranges as they are. */
export type SearchProgram =
  | Exclude<SearchKey, { readonly key: 'SEQUENCE' | 'UID' | 'NOT' | 'OR' | 'AND' }>
  | { readonly key: 'SEQUENCE' | 'UID'; readonly spans: readonly Span[] }
  | { readonly key: 'NOT'; readonly operand: SearchProgram }
  | { readonly key: 'OR'; readonly operands: readonly [SearchProgram, SearchProgram] }
  | { readonly key: 'AND'; readonly operands: readonly SearchProgram[] };

/** @param last what `*` stands for. */
export function searchProgram(key: SearchKey, last: { readonly seq: number; readonly uid: number }): SearchProgram {
  switch (key.key) {
    case 'SEQUENCE':
      return { key: key.key, spans: spansOf(key.set, last.seq) };
    case 'UID':
      return { key: key.key, spans: spansOf(key.set, last.uid) };
    case 'NOT':
      return { key: key.key, operand: searchProgram(key.operand, last) };
    case 'OR':
      return { key: key.key, operands: [searchProgram(key.operands[0], last), searchProgram(key.operands[1], last)] };
    case 'AND':
      return { key: key.key, operands: key.operands.map((operand) => searchProgram(operand, last)) };
    default:
      return key;
  }
}

/** Whether the message is what the search program asks for. */
export async function matchesSearch(key: SearchProgram, message: Candidate): Promise<boolean> {
  return matchAtHand(key, message) ?? (await matchContent(key, message));
}

/** The answer from what is at hand; undefined where it takes the message's content. */
export function matchAtHand(key: SearchProgram, message: Candidate): boolean | undefined {
  switch (key.key) {
    case 'NOT': {
      const answer = matchAtHand(key.operand, message);
      return answer === undefined ? undefined : !answer;
    }
    case 'OR':
      return either(key.operands.map((operand) => matchAtHand(operand, message)));
    case 'AND':
      return all(key.operands.map((operand) => matchAtHand(operand, message)));
    case 'SEQUENCE':
      return spansHave(key.spans, message.seq);
    case 'UID':
      return spansHave(key.spans, message.uid);
    case 'KEYWORD':
      return hasFlag(message.flags, key.keyword);
    case 'UNKEYWORD':
      return !hasFlag(message.flags, key.keyword);
    case 'LARGER':
      return message.size > key.size;
    case 'SMALLER':
      return message.size < key.size;
    case 'BEFORE':
      return dayOf(message.internalDate) < key.date;
    case 'ON':
      return dayOf(message.internalDate) === key.date;
    case 'SINCE':
      return dayOf(message.internalDate) >= key.date;
    case 'BCC':
    case 'BODY':
    case 'CC':
    case 'FROM':
    case 'SUBJECT':
    case 'TEXT':
    case 'TO':
    case 'HEADER':
    case 'SENTBEFORE':
    case 'SENTON':
    case 'SENTSINCE':
      return undefined;
    default:
      return matchFlag(key.key, message);
  }
}

/** Keys without arguments. */
type BareKey = keyof { [K in SearchProgram as [keyof K] extends ['key'] ? K['key'] : never]: K };

function matchFlag(key: BareKey, { flags, recent }: Candidate): boolean {
  switch (key) {
    case 'ALL':
      return true;
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

async function matchContent(key: SearchProgram, message: Candidate): Promise<boolean> {
  switch (key.key) {
    case 'NOT':
      return !(await matchesSearch(key.operand, message));
    case 'OR':
      return (await matchesSearch(key.operands[0], message)) || (await matchesSearch(key.operands[1], message));
    case 'AND':
      return matchEvery(key.operands, message);
    case 'SENTBEFORE':
      return compareSent(message, (day) => day < key.date);
    case 'SENTON':
      return compareSent(message, (day) => day === key.date);
    case 'SENTSINCE':
      return compareSent(message, (day) => day >= key.date);
    case 'HEADER':
      return matchHeader(message, key.field, key.text);
    case 'BCC':
    case 'CC':
    case 'FROM':
    case 'SUBJECT':
    case 'TO':
      return matchHeader(message, key.key, key.text);
    case 'BODY':
      return matchText(message, 'body', key.text);
    case 'TEXT':
      return matchText(message, 'text', key.text);
    default:
      return matchAtHand(key, message) ?? false;
  }
}

async function matchEvery(operands: readonly SearchProgram[], message: Candidate): Promise<boolean> {
  for (const operand of operands) if (!(await matchesSearch(operand, message))) return false;
  return true;
}

async function matchHeader(message: Candidate, field: string, text: string): Promise<boolean> {
  const values = headerValues(await message.header(), field);
  return text === '' ? values.length > 0 : values.some((value) => matches([value], text));
}

async function matchText(message: Candidate, scope: 'body' | 'text', text: string): Promise<boolean> {
  if (text === '') return true;
  const matcher = createMatcher(text);
  for await (const piece of message.text(scope)) if (matcher.push(piece)) return true;
  return false;
}

async function compareSent(message: Candidate, compare: (day: string) => boolean): Promise<boolean> {
  const day = sentDate(await message.header());
  return day !== null && compare(day);
}

/** The day as INTERNALDATE shows it, which is in UTC. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function all(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function either(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}
