/**
 * FETCH and UID FETCH (RFC 9051 §6.4.5, RFC 3501 §6.4.5, RFC 7162 §3.1.4). A message at a time: its data is made, sent, and let go, so that a mailbox of
 * any size and a message of any length cost the same memory. What the index has of messages is asked for in batches.
 */

import { SEEN_BATCH, STATES_AT_ONCE } from '../limits.ts';
import { changesAfter } from '../mailbox/missed.ts';
import { OpenedMessage, Unreadable } from '../mailbox/opened-message.ts';
import type { MessageState, StoreError, Uid } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { CommandOf, SeqNum } from '../wire/command.ts';
import type { PlainDatum, PlainFetch, Response } from '../wire/response.ts';
import { bad, type Context, no, type Outcome, ok, type Selected } from './context.ts';
import { absentData, fetchData, knownData, type Plan, planFetch } from './fetch-data.ts';
import { type InIndex, lookUp } from './fetch-look-up.ts';
import { BAD_SET } from './sets.ts';
import { refused } from './store-error.ts';

/** What could not be given. */
interface Shortfall {
  gone: number;
  error: StoreError | undefined;
  undecoded: boolean;
}

export async function* fetch(
  context: Context,
  command: CommandOf<'FETCH'>,
  { view }: Selected,
): AsyncGenerator<Response, Outcome, void> {
  const { set, uid, changedSince = 0, vanished } = command;
  if (vanished && !(uid && context.session.qresync)) return bad('VANISHED needs UID FETCH, and QRESYNC enabled.');
  const resolved = view.resolve(set, uid);
  if (resolved === undefined) return BAD_SET;
  if (vanished) yield* view.vanishedEarlier(changedSince, set);
  const numbers = changedSince > 0 ? await changedAfter(view, changedSince, resolved) : resolved;
  const plan = planFetch(command);
  const shortfall: Shortfall = { gone: 0, error: undefined, undecoded: false };
  const handles = new Handles(context);
  const marks = plan.setsSeen && !view.readOnly;
  const size = marks ? SEEN_BATCH : STATES_AT_ONCE;
  for (let start = 0; start < numbers.length; start += size) {
    const batch = numbers.slice(start, start + size);
    const uids = batch.flatMap((seq) => view.uidAt(seq) ?? []);
    const newlySeen = marks ? await markSeen(context, view, uids) : NOTHING;
    const found = await lookUp(context, view, plan, uids);
    yield* fetchAll(context, view, batch, { plan, newlySeen, found, shortfall, handles });
  }
  return outcome(shortfall, numbers.length);
}

/** A batch in its order: neighbours whose data the index has go out together. */
async function* fetchAll(
  context: Context,
  view: View,
  batch: readonly SeqNum[],
  round: Round,
): AsyncGenerator<Response, void, void> {
  for (let at = 0; at < batch.length; ) {
    const messages = knownFrom(view, batch, at, round);
    at += messages.length;
    if (messages.length > 0) {
      yield* view.drainKeywords();
      yield { type: 'fetches', messages };
    }
    await context.breathe();
    const seq = batch[at];
    if (seq === undefined) continue;
    yield* fetchOne(context, view, seq, round);
    await context.breathe();
    at += 1;
  }
}

/** What can be said of the messages from a place of the batch on until one needs its file, or is gone. */
function knownFrom(view: View, batch: readonly SeqNum[], from: number, round: Round): PlainFetch[] {
  const messages: PlainFetch[] = [];
  for (let at = from; at < batch.length; at += 1) {
    const seq = batch[at];
    const message = seq === undefined ? undefined : round.found.get(view.uidAt(seq) ?? 0);
    const rest = message === undefined ? undefined : knownData(round.plan, message);
    if (seq === undefined || message === undefined || rest === undefined) break;
    const data = [...headOf(view, message, round), ...rest];
    if (data.length > 0) messages.push({ seq, data });
  }
  return messages;
}

/** Of these messages those that changed after a modification sequence. */
async function changedAfter(view: View, since: number, numbers: readonly SeqNum[]): Promise<readonly SeqNum[]> {
  const { mailbox } = view.hub;
  if (since >= mailbox.highestModSeq) return [];
  // Between 0 and the mailbox's own highest every number may be asked for as a modification sequence.
  const { changed } = await changesAfter(mailbox, since as typeof mailbox.highestModSeq);
  const uids = new Set<number>(changed.map(({ uid }) => uid));
  return numbers.filter((seq) => uids.has(view.uidAt(seq) ?? 0));
}

/**
 * Closes the files of messages while the command goes on, one at a time: the client need not wait for that, and the end of
 * a short answer goes out in one write with its beginning.
 */
class Handles {
  readonly #context: Context;
  #closing: Promise<void> = Promise.resolve();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Resolves when the message before is closed. */
  async close(message: OpenedMessage): Promise<void> {
    await this.#closing;
    this.#closing = message.close().catch((error: unknown) => {
      this.#context.report('The file of a message could not be closed.', error);
    });
  }
}

const NOTHING: ReadonlySet<number> = new Set();

interface Round {
  readonly plan: Plan;
  readonly newlySeen: ReadonlySet<number>;
  readonly found: ReadonlyMap<number, InIndex>;
  readonly shortfall: Shortfall;
  readonly handles: Handles;
}

async function* fetchOne(
  context: Context,
  view: View,
  seq: SeqNum,
  round: Round,
): AsyncGenerator<Response, void, void> {
  const { plan, found, shortfall, handles } = round;
  const uid = view.uidAt(seq);
  const message = found.get(uid ?? 0);
  if (uid === undefined || message === undefined) {
    shortfall.gone += 1;
    yield* absent(seq, uid, plan);
    return;
  }
  const opened = new OpenedMessage(view.hub, uid, () => context.breathe());
  try {
    const { data: rest, undecoded } = await fetchData(plan, message, opened);
    shortfall.undecoded ||= undecoded;
    const data = [...headOf(view, message, round), ...rest];
    if (data.some(({ item }) => item === 'FLAGS')) yield* view.drainKeywords();
    if (data.length > 0) yield { type: 'fetch', seq, data };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (error.reason.code === 'vanished') {
      shortfall.gone += 1;
      yield* absent(seq, uid, plan);
    } else {
      shortfall.error = error.reason; // it is there: a NIL would be kept by the client
      context.report(`A message could not be fetched: ${error.reason.code}.`, error.cause);
    }
  } finally {
    await handles.close(opened);
  }
}

/** UID, FLAGS and MODSEQ as they are by now: they may have changed since the look-up. What changes after this, `drain` tells. */
function headOf(view: View, { uid, state, asOf }: InIndex, { plan, newlySeen }: Round): readonly PlainDatum[] {
  const { mailbox } = view.hub;
  const now = mailbox.highestModSeq === asOf ? state : (mailbox.state(uid) ?? state);
  return plan.flags || newlySeen.has(uid) ? flagsOf(view, now, plan) : numbersOf(now, plan);
}

function flagsOf(view: View, now: MessageState, plan: Plan): readonly PlainDatum[] {
  view.told(now);
  const data = view.flagsData(now, plan.uid);
  const isTold = !plan.modSeq || data.some(({ item }) => item === 'MODSEQ');
  return isTold ? data : [...data, { item: 'MODSEQ', value: now.modSeq }];
}

const numbersOf = ({ uid, modSeq }: MessageState, plan: Plan): PlainDatum[] => [
  ...(plan.uid ? [{ item: 'UID', value: uid } as const] : []),
  ...(plan.modSeq ? [{ item: 'MODSEQ', value: modSeq } as const] : []),
];

/**
 * A message that is gone but still has its number: its sections are NIL, so that a client that waits for them goes on
 * (RFC 2180 §4.1.2 leaves the choice; clients loop where a section is missing).
 */
function* absent(seq: SeqNum, uid: number | undefined, plan: Plan): Generator<Response> {
  const data = absentData(plan, uid);
  if (data.length > 0) yield { type: 'fetch', seq, data };
}

/** Sets \Seen where it is not set; the answer is which messages now have it (RFC 3501 §6.4.5 BODY[]). */
async function markSeen(context: Context, view: View, uids: readonly Uid[]): Promise<ReadonlySet<number>> {
  const unseen: Uid[] = [];
  for (const { uid, flags } of view.hub.mailbox.states(uids)) if (!flags.has('\\Seen')) unseen.push(uid);
  if (unseen.length === 0) return NOTHING;
  const stored = await view.hub.mailbox.store(unseen, { operation: 'add', flags: ['\\Seen'] });
  if (stored.ok) return new Set(stored.value.changed.map(({ uid }) => uid));
  // Reading mail works where it cannot be marked as read.
  context.report(`\\Seen could not be set: ${stored.error.code}.`);
  return NOTHING;
}

function outcome({ gone, error, undecoded }: Shortfall, asked: number): Outcome {
  if (error !== undefined) return refused(error);
  if (undecoded) return no('A part is encoded in a way that is not known.', { code: 'UNKNOWN-CTE' });
  if (gone === 0) return ok('FETCH completed.');
  const code = { code: 'EXPUNGEISSUED' } as const;
  return gone === asked
    ? no('Those messages were expunged.', code)
    : ok('FETCH completed; some of the messages were expunged.', code);
}
