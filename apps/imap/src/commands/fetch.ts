/**
 * FETCH and UID FETCH (RFC 3501 §6.4.5). A message at a time: its data is made, sent, and let go, so that a mailbox of
 * any size and a message of any length cost the same memory.
 */

import { SEEN_BATCH } from '../limits.ts';
import { OpenedMessage, Unreadable } from '../mailbox/opened-message.ts';
import type { MessageRecord, StoreError, Uid } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { CommandOf, SeqNum } from '../wire/command.ts';
import type { FetchDatum, Response } from '../wire/response.ts';
import { type Context, no, type Outcome, ok, type Selected } from './context.ts';
import { absentData, fetchData, type Plan, planFetch } from './fetch-data.ts';
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
  for (let start = 0; start < numbers.length; start += SEEN_BATCH) {
    const batch = numbers.slice(start, start + SEEN_BATCH);
    const newlySeen = plan.setsSeen && !view.readOnly ? await markSeen(context, view, batch) : NOTHING;
    for (const seq of batch) {
      yield* fetchOne(context, view, seq, { plan, newlySeen, shortfall });
      await context.breathe();
    }
  }
  return outcome(shortfall, numbers.length);
}

const NOTHING: ReadonlySet<number> = new Set();

interface Round {
  readonly plan: Plan;
  readonly newlySeen: ReadonlySet<number>;
  readonly shortfall: Shortfall;
}

async function* fetchOne(
  context: Context,
  view: View,
  seq: SeqNum,
  { plan, newlySeen, shortfall }: Round,
): AsyncGenerator<Response, void, void> {
  const uid = view.uidAt(seq);
  const record = uid === undefined ? undefined : view.hub.record(uid);
  if (uid === undefined || record === undefined) {
    shortfall.gone += 1;
    yield* absent(seq, uid, plan);
    return;
  }
  const message = new OpenedMessage(view.hub, record, () => context.breathe());
  try {
    const data = await dataOf(view, record, message, plan, newlySeen.has(uid));
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
    await message.close();
  }
}

async function dataOf(
  view: View,
  record: MessageRecord,
  message: OpenedMessage,
  plan: Plan,
  newlySeen: boolean,
): Promise<FetchDatum[]> {
  const withFlags = plan.flags || newlySeen;
  const data = await fetchData(plan, record, message);
  if (!withFlags) return data;
  // Not before this turn, in which the response is made: flags may have changed while the file was read.
  const now = view.hub.record(record.uid) ?? record;
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
async function markSeen(context: Context, view: View, batch: readonly SeqNum[]): Promise<ReadonlySet<number>> {
  const unseen: Uid[] = [];
  for (const seq of batch) {
    const record = view.hub.record(view.uidAt(seq) ?? 0);
    if (record !== undefined && !record.flags.has('\\Seen')) unseen.push(record.uid);
  }
  if (unseen.length === 0) return NOTHING;
  const stored = await view.hub.mailbox.store(unseen, { operation: 'add', flags: ['\\Seen'] });
  view.hub.update();
  if (stored.ok) return new Set(stored.value.map((record) => record.uid));
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
