/**
 * FETCH and UID FETCH (RFC 3501 §6.4.5). A message at a time: its data is made, sent, and let go, so that a mailbox of
 * any size and a message of any length cost the same memory. What the index has of messages is asked for in batches.
 */

import { SEEN_BATCH, STATES_AT_ONCE } from '../limits.ts';
import { OpenedMessage, Unreadable } from '../mailbox/opened-message.ts';
import type { MessageState, StoreError, Uid } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { CommandOf, SeqNum } from '../wire/command.ts';
import type { FetchDatum, Response } from '../wire/response.ts';
import { type Context, no, type Outcome, ok, type Selected } from './context.ts';
import { absentData, type Found, fetchData, type Plan, planFetch } from './fetch-data.ts';
import { BAD_SET } from './sets.ts';
import { refused } from './store-error.ts';

/** What could not be given. */
interface Shortfall {
  gone: number;
  error: StoreError | undefined;
}

export async function* fetch(
  context: Context,
  command: CommandOf<'FETCH'>,
  { view }: Selected,
): AsyncGenerator<Response, Outcome, void> {
  const numbers = view.resolve(command.set, command.uid);
  if (numbers === undefined) return BAD_SET;
  const plan = planFetch(command);
  const shortfall: Shortfall = { gone: 0, error: undefined };
  const handles = new Handles(context);
  const marks = plan.setsSeen && !view.readOnly;
  const size = marks ? SEEN_BATCH : STATES_AT_ONCE;
  for (let start = 0; start < numbers.length; start += size) {
    const batch = numbers.slice(start, start + size);
    const uids = batch.flatMap((seq) => view.uidAt(seq) ?? []);
    const newlySeen = marks ? await markSeen(context, view, uids) : NOTHING;
    const found = await lookUp(view, plan, uids);
    for (const seq of batch) {
      yield* fetchOne(context, view, seq, { plan, newlySeen, found, shortfall, handles });
      await context.breathe();
    }
  }
  return outcome(shortfall, numbers.length);
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

/** A message as the index has it at the beginning of its batch. */
interface InIndex extends Found {
  readonly state: MessageState;
}

interface Round {
  readonly plan: Plan;
  readonly newlySeen: ReadonlySet<number>;
  readonly found: ReadonlyMap<number, InIndex>;
  readonly shortfall: Shortfall;
  readonly handles: Handles;
}

/** What the index has of these messages, ascending: of whole records only where the plan asks for what they alone have. */
async function lookUp(view: View, plan: Plan, uids: readonly Uid[]): Promise<Map<number, InIndex>> {
  const { mailbox } = view.hub;
  const found = new Map<number, InIndex>();
  if (plan.details) {
    for await (const slice of mailbox.records(uids))
      for (const record of slice) found.set(record.uid, { uid: record.uid, state: record, details: record });
  } else {
    for (const state of mailbox.states(uids)) found.set(state.uid, { uid: state.uid, state, details: undefined });
  }
  return found;
}

async function* fetchOne(
  context: Context,
  view: View,
  seq: SeqNum,
  { plan, newlySeen, found, shortfall, handles }: Round,
): AsyncGenerator<Response, void, void> {
  const uid = view.uidAt(seq);
  const message = found.get(uid ?? 0);
  if (uid === undefined || message === undefined) {
    shortfall.gone += 1;
    yield* absent(seq, uid, plan);
    return;
  }
  const opened = new OpenedMessage(view.hub, uid, () => context.breathe());
  try {
    const data = await dataOf(view, message, opened, plan, newlySeen.has(uid));
    if (data.some(({ item }) => item === 'FLAGS')) yield* view.drainKeywords();
    yield { type: 'fetch', seq, data };
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

async function dataOf(
  view: View,
  message: InIndex,
  opened: OpenedMessage,
  plan: Plan,
  newlySeen: boolean,
): Promise<FetchDatum[]> {
  const withFlags = plan.flags || newlySeen;
  const data = await fetchData(plan, message, opened);
  if (!withFlags) return data;
  // Flags may have changed while the file was read. What changes after this, `drain` tells.
  const now = plan.rest.length === 0 ? message.state : (view.hub.mailbox.state(message.uid) ?? message.state);
  view.told(now);
  const flags: FetchDatum = { item: 'FLAGS', flags: view.flagsOf(now) };
  return plan.uid ? [...data.slice(0, 1), flags, ...data.slice(1)] : [flags, ...data];
}

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

function outcome({ gone, error }: Shortfall, asked: number): Outcome {
  if (error !== undefined) return refused(error);
  if (gone === 0) return ok('FETCH completed.');
  const code = { code: 'EXPUNGEISSUED' } as const;
  return gone === asked
    ? no('Those messages were expunged.', code)
    : ok('FETCH completed; some of the messages were expunged.', code);
}
