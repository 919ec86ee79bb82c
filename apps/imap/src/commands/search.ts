/**
 * SEARCH and UID SEARCH (RFC 3501 §6.4.4). Messages are looked at in slices, and no further than the answer takes: their
 * numbers, their states in the index, their dates and sizes, and at last their files.
 */

import { STATES_AT_ONCE } from '../limits.ts';
import {
  type AtHand,
  asksDetails,
  type Candidate,
  matchAtHand,
  matchesSearch,
  type SearchProgram,
  searchProgram,
} from '../mailbox/match.ts';
import { OpenedMessage, Unreadable } from '../mailbox/opened-message.ts';
import { isIndexReplaced, type Uid } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { CommandOf } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { type Context, type Outcome, ok, type Selected } from './context.ts';

export async function* search(
  context: Context,
  command: CommandOf<'SEARCH'>,
  { view }: Selected,
): AsyncGenerator<Response, Outcome, void> {
  const numbers: number[] = [];
  const program = searchProgram(command.criteria, { seq: view.last(false), uid: view.last(true) });
  for (let first = 1; first <= view.count; first += STATES_AT_ONCE) {
    for (const message of await possible(view, program, first)) {
      if (await isMatch(context, view, program, message)) numbers.push(command.uid ? message.uid : message.seq);
      await context.breathe();
    }
    await context.breathe();
  }
  yield { type: 'search', numbers };
  return ok('SEARCH completed.');
}

/** A message of which all is at hand that the program may ask for without its content. */
interface Known extends AtHand {
  readonly uid: Uid;
}

/** Those of a slice of the client's messages that are still there and that nothing at hand excludes. */
async function possible(view: View, program: SearchProgram, first: number): Promise<Known[]> {
  const slice = view.uidsBetween(first, first + STATES_AT_ONCE - 1).map((uid, at) => ({ uid, seq: first + at }));
  const named = slice.filter((message) => matchAtHand(program, message) !== false);
  const withStates = addStates(view, named).filter((message) => matchAtHand(program, message) !== false);
  if (!asksDetails(program)) return withStates;
  return addDetails(view, program, withStates);
}

function addStates(view: View, messages: readonly Known[]): Known[] {
  if (messages.length === 0) return [];
  const seqs = new Map(messages.map(({ uid, seq }) => [uid, seq]));
  const known: Known[] = [];
  for (const { uid, flags } of view.hub.mailbox.states(messages.map(({ uid }) => uid))) {
    const seq = seqs.get(uid);
    if (seq !== undefined) known.push({ uid, seq, state: { flags, recent: view.isRecent(uid) } });
  }
  return known;
}

/** Learns date and size where the answer may hang on them. */
async function addDetails(view: View, program: SearchProgram, messages: readonly Known[]): Promise<Known[]> {
  const open = messages.filter((message) => matchAtHand(program, message) === undefined);
  if (open.length === 0) return [...messages];
  const details = new Map<number, NonNullable<AtHand['details']>>();
  for await (const records of view.hub.mailbox.records(open.map(({ uid }) => uid)))
    for (const record of records) details.set(record.uid, record);
  return messages.flatMap((message) => {
    if (matchAtHand(program, message) !== undefined) return message;
    const known = details.get(message.uid);
    return known === undefined ? [] : { ...message, details: known }; // without details it vanished meanwhile
  });
}

async function isMatch(context: Context, view: View, program: SearchProgram, known: Known): Promise<boolean> {
  const atHand = matchAtHand(program, known);
  if (atHand !== undefined) return atHand;
  const message = new OpenedMessage(view.hub, known.uid, () => context.breathe());
  const candidate: Candidate = { ...known, header: () => message.header(), text: (scope) => message.text(scope) };
  try {
    return await matchesSearch(program, candidate);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (isIndexReplaced(error)) throw error; // there is nothing to go on with
    if (error.reason.code !== 'vanished') {
      context.report(`A message could not be searched: ${error.reason.code}.`, error.cause);
    }
    return false; // what cannot be read is not found
  } finally {
    await message.close();
  }
}
