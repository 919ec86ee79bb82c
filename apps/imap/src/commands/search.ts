/**
 * SEARCH and UID SEARCH (RFC 9051 §6.4.4, RFC 3501 §6.4.4, RFC 4731, RFC 5182). Messages are looked at in slices, and no
 * further than the answer takes: their numbers, their states in the index, their dates and sizes, what the text index has
 * of them, and at last their files.
 */

import { KEYS_AT_ONCE, SEARCHED_AT_ONCE, STATES_AT_ONCE } from '../limits.ts';
import { type AtHand, type Candidate, matchAtHand, matchesSearch, type TextAnswers } from '../mailbox/match.ts';
import { OpenedMessage, Unreadable } from '../mailbox/opened-message.ts';
import {
  asksDetails,
  asksModSeq,
  asksState,
  keysOf,
  type SearchProgram,
  searchProgram,
} from '../mailbox/search-program.ts';
import { isIndexReplaced, type Uid } from '../mailbox/store.ts';
import { UidList } from '../mailbox/uid-list.ts';
import type { View } from '../mailbox/view.ts';
import type { CommandOf } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { type Context, type Outcome, ok, type Selected } from './context.ts';
import { askTextIndex } from './search-text.ts';

export async function* search(
  context: Context,
  command: CommandOf<'SEARCH'>,
  { view }: Selected,
): AsyncGenerator<Response, Outcome, void> {
  const saves = command.returns?.includes('SAVE') ?? false;
  const program = searchProgram(command.criteria, {
    last: { seq: view.last(false), uid: view.last(true) },
    saved: view.saved,
    now: Date.now(),
  });
  let found: Known[];
  try {
    found = await find(context, view, program);
  } catch (error) {
    if (context.gone?.aborted) return { condition: 'NO', text: 'Nobody is there any more.', next: 'gone' };
    if (saves) view.saved = []; // what a search that fails would have saved is nothing (RFC 5182 §2.1)
    throw error;
  }
  if (saves) view.saved = savedOf(command, found).map(({ uid }) => uid);
  const response = answer(context, command, found, asksModSeq(program));
  if (response !== undefined) yield response;
  return ok('SEARCH completed.');
}

/** A message of which all is at hand that the program may ask for without its content. */
interface Known extends AtHand {
  readonly uid: Uid;
}

/** What a search found, ascending. */
type Found = readonly Known[];

type Returns = NonNullable<CommandOf<'SEARCH'>['returns']>;

/** A plain SEARCH answers as IMAP4rev2 does where that is on; undefined: SAVE alone says nothing (RFC 5182 §1). */
function answer(
  { tag, session }: Context,
  { uid, returns }: CommandOf<'SEARCH'>,
  found: Found,
  tellsModSeq: boolean,
): Response | undefined {
  const numberOf = (message: Known): number => (uid ? message.uid : message.seq);
  if (returns === undefined && !session.rev2) {
    return { type: 'search', numbers: found.map(numberOf), ...(tellsModSeq ? highest(found) : {}) };
  }
  const asked: Returns = returns === undefined || returns.length === 0 ? ['ALL'] : returns;
  if (asked.every((option) => option === 'SAVE')) return undefined;
  const [first, last] = [found[0], found.at(-1)];
  return {
    type: 'esearch',
    tag,
    uid,
    ...(asked.includes('MIN') && first !== undefined ? { min: numberOf(first) } : {}),
    ...(asked.includes('MAX') && last !== undefined ? { max: numberOf(last) } : {}),
    ...(asked.includes('COUNT') ? { count: found.length } : {}),
    ...(asked.includes('ALL') ? { all: found.map(numberOf) } : {}),
    ...(tellsModSeq ? highest(ends(asked, found)) : {}),
  };
}

/** The highest modification sequence of those that are told of (RFC 4731 §3.2). */
function highest(found: Found): { modSeq?: number } {
  if (found.length === 0) return {};
  return { modSeq: found.reduce((top, { state }) => Math.max(top, state?.modSeq ?? 0), 0) };
}

/** What `$` stands for afterwards: RFC 5182 §2.4. */
const savedOf = ({ returns = [] }: CommandOf<'SEARCH'>, found: Found): Found => ends(returns, found);

/** The first and the last as far as they alone were asked for, else all. */
function ends(asked: Returns, found: Found): Found {
  const [min, max] = [asked.includes('MIN'), asked.includes('MAX')];
  if (asked.includes('ALL') || asked.includes('COUNT') || !(min || max)) return found;
  return found.filter((_, place) => (min && place === 0) || (max && place === found.length - 1));
}

async function find(context: Context, view: View, program: SearchProgram): Promise<Known[]> {
  const found: Known[] = [];
  const atOnce = Math.max(1, Math.min(STATES_AT_ONCE, Math.floor(KEYS_AT_ONCE / keysOf(program))));
  const present = asksState(program) ? undefined : new UidList(view.hub.mailbox.uids());
  for (let first = 1; first <= view.count; first += SEARCHED_AT_ONCE) {
    const last = Math.min(first + SEARCHED_AT_ONCE - 1, view.count);
    const round: Known[] = [];
    for (let from = first; from <= last; from += atOnce) {
      const slice = await possible(context, view, program, present, [from, Math.min(from + atOnce - 1, last)]);
      for (const message of slice) round.push(message);
      await rest(context);
    }
    const texts = await askTextIndex(context, view, { program, messages: round, atOnce });
    for (const [place, message] of round.entries()) {
      if (await isMatch(context, view, program, message, texts)) found.push(message);
      if (place % atOnce === 0) await rest(context);
    }
  }
  return found;
}

/** Lets others run; throws where the client is gone. */
async function rest(context: Context): Promise<void> {
  await context.breathe();
  context.gone?.throwIfAborted();
}

/**
 * Those of a slice of the client's messages that are still there and that nothing at hand excludes.
 *
 * @param present what is there, where the program does not need to know more of it.
 */
async function possible(
  context: Context,
  view: View,
  program: SearchProgram,
  present: UidList | undefined,
  [first, last]: readonly [number, number],
): Promise<readonly Known[]> {
  const slice = view.uidsBetween(first, last).map((uid, at) => ({ uid, seq: first + at }));
  const named = slice.filter((message) => matchAtHand(program, message) !== false);
  const known =
    present === undefined
      ? addStates(view, named).filter((message) => matchAtHand(program, message) !== false)
      : named.filter(({ uid }) => present.placeOf(uid) !== undefined);
  if (!asksDetails(program)) return known;
  const detailed = await addDetails(context, view, program, known);
  return detailed.filter((message) => matchAtHand(program, message) !== false);
}

function addStates(view: View, messages: readonly Known[]): Known[] {
  if (messages.length === 0) return [];
  const seqs = new Map(messages.map(({ uid, seq }) => [uid, seq]));
  const known: Known[] = [];
  for (const { uid, flags, modSeq } of view.hub.mailbox.states(messages.map(({ uid }) => uid))) {
    const seq = seqs.get(uid);
    if (seq !== undefined) known.push({ uid, seq, state: { flags, modSeq, recent: view.isRecent(uid) } });
  }
  return known;
}

/** Learns date, size and object id where the answer may hang on them. */
async function addDetails(
  { gone }: Context,
  view: View,
  program: SearchProgram,
  messages: readonly Known[],
): Promise<readonly Known[]> {
  const open = messages.filter((message) => matchAtHand(program, message) === undefined);
  if (open.length === 0) return messages;
  const details = new Map<number, NonNullable<AtHand['details']>>();
  const uids = open.map(({ uid }) => uid);
  for await (const records of view.hub.mailbox.records(uids, gone))
    for (const { uid, internalDate, size, emailId } of records) details.set(uid, { internalDate, size, emailId });
  return messages.flatMap((message) => {
    if (matchAtHand(program, message) !== undefined) return message;
    const known = details.get(message.uid);
    return known === undefined ? [] : { ...message, details: known }; // without details it vanished meanwhile
  });
}

async function isMatch(
  context: Context,
  view: View,
  program: SearchProgram,
  known: Known,
  texts: TextAnswers,
): Promise<boolean> {
  const atHand = matchAtHand(program, known, texts);
  if (atHand !== undefined) return atHand;
  const message = new OpenedMessage(view.hub, known.uid, () => rest(context));
  const candidate: Candidate = {
    ...known,
    header: () => message.header(),
    dateHeader: () => message.dateHeader(),
    text: (scope) => message.text(scope),
  };
  try {
    return await matchesSearch(program, candidate, texts);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (isIndexReplaced(error)) throw error; // there is nothing to go on with
    if (error.reason.code !== 'vanished') {
      context.report(`A message could not be searched: ${error.reason.code}.`, error.cause);
    }
    return false; // what cannot be read is not found
  } finally {
    await message.close();
    await rest(context);
  }
}
