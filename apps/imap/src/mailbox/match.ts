/**
 * SEARCH programs on one message (RFC 3501 §6.4.4). Pure over `Candidate`: what is at hand is asked first, and a
 * message's file is opened only where the answer hangs on it. Answers are true, false, or undefined where more has to be
 * known, so that whoever asks may learn a message's numbers, flags, date and size one after the other, as far as it takes.
 */
import { createMatcher, headerValues, matches, sentDate } from '@scorpiox/maildir/mime';
import type { SearchKey } from '../wire/command.ts';
import { hasFlag } from './flags.ts';
import { type Span, spansHave, spansOf } from './resolve-set.ts';

/** What is known of a message without its content: its numbers at least. */
export interface AtHand {
  readonly seq: number;
  readonly uid: number;
  readonly state?: { readonly flags: ReadonlySet<string>; readonly recent: boolean };
  /** INTERNALDATE in milliseconds since the epoch, and octets. */
  readonly details?: { readonly internalDate: number; readonly size: number };
}

/** A message that may be found. Of what is not at hand, the program asks nothing: see `asksDetails`. */
export interface Candidate extends AtHand {
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

/** The answer from what is at hand; undefined where it takes more. */
export function matchAtHand(key: SearchProgram, message: AtHand): boolean | undefined {
  const { state, details } = message;
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
      return state && hasFlag(state.flags, key.keyword);
    case 'UNKEYWORD':
      return state && !hasFlag(state.flags, key.keyword);
    case 'LARGER':
      return details && details.size > key.size;
    case 'SMALLER':
      return details && details.size < key.size;
    case 'BEFORE':
      return details && dayOf(details.internalDate) < key.date;
    case 'ON':
      return details && dayOf(details.internalDate) === key.date;
    case 'SINCE':
      return details && dayOf(details.internalDate) >= key.date;
    case 'ALL':
      return true;
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
      return state && matchFlag(key.key, state);
  }
}

/** Whether the program may hang on a message's INTERNALDATE or size. */
export function asksDetails(key: SearchProgram): boolean {
  switch (key.key) {
    case 'NOT':
      return asksDetails(key.operand);
    case 'OR':
    case 'AND':
      return key.operands.some(asksDetails);
    case 'LARGER':
    case 'SMALLER':
    case 'BEFORE':
    case 'ON':
    case 'SINCE':
      return true;
    default:
      return false;
  }
}

/** Keys without arguments that ask for flags. */
type FlagKey = Exclude<keyof { [K in SearchProgram as [keyof K] extends ['key'] ? K['key'] : never]: K }, 'ALL'>;

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
