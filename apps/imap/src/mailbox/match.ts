/**
 * SEARCH programs on one message (RFC 9051 §6.4.4, RFC 5032, RFC 7162 §3.1.5, RFC 8474 §6). Pure over `Candidate`: what is
 * at hand is asked first, and a message's file is opened only where the answer hangs on it. Answers are true, false, or
 * undefined where more has to be known, so that whoever asks may learn a message's numbers, flags, date and size, and what
 * the text index says, one after the other, as far as it takes.
 */
import { createMatcher, headerValues, matches, sentDate } from '@scorpiox/maildir/mime';
import { hasFlag } from './flags.ts';
import { spansHave } from './resolve-set.ts';
import type { SearchProgram, TextQuery } from './search-program.ts';

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

/** What the text index says of a message; undefined where it says nothing. */
export type TextAnswers = (query: TextQuery, uid: number) => boolean | undefined;

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
