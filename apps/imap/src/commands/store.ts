/** STORE and UID STORE (RFC 3501 §6.4.6). */

import { applyChange } from '../mailbox/flags.ts';
import type { Flag, FlagChange, MessageRecord, Uid } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { CommandOf } from '../wire/command.ts';
import type { FetchDatum, Response } from '../wire/response.ts';
import { type Context, no, type Outcome, ok, type Selected } from './context.ts';
import { BAD_SET, uidsOf } from './sets.ts';
import { refused } from './store-error.ts';

/** The answer to a change in a mailbox that was opened with EXAMINE. */
export function readOnly(): Outcome {
  return no('The mailbox is open for reading only.', { code: 'READ-ONLY' });
}

export async function* store(
  context: Context,
  command: CommandOf<'STORE'>,
  { view }: Selected,
): AsyncGenerator<Response, Outcome, void> {
  if (view.readOnly) return readOnly();
  const uids = uidsOf(view, command.set, command.uid);
  if (uids === undefined) return BAD_SET;
  if (uids.length === 0) return ok('STORE completed: there was nothing to change.');
  const expected = command.silent ? expectations(view, uids, command) : undefined;
  const stored = await view.hub.mailbox.store(uids, command);
  if (!stored.ok) return refused(stored.error);
  for (const record of stored.value) {
    const flags = expected?.get(record.uid);
    if (flags !== undefined) view.silence(record, flags);
    else yield* tell(view, record, command.uid);
    await context.breathe();
  }
  if (stored.value.length === uids.length) return ok('STORE completed.');
  // The change was made where there was something to change (RFC 2180 §4.2.1).
  const gone = { code: 'EXPUNGEISSUED' } as const;
  return stored.value.length === 0
    ? no('Those messages were expunged.', gone)
    : ok('STORE completed; some of the messages were expunged.', gone);
}

/** The flags that a client computes for itself after a STORE …SILENT. */
function expectations(view: View, uids: readonly Uid[], change: FlagChange): Map<number, ReadonlySet<Flag>> {
  view.absorb(); // what others changed until now is the client's to be told, not to be computed from
  const expected = new Map<number, ReadonlySet<Flag>>();
  for (const uid of uids) {
    const record = view.hub.record(uid);
    if (record !== undefined) expected.set(uid, applyChange(record.flags, change));
  }
  return expected;
}

function* tell(view: View, record: MessageRecord, withUid: boolean): Generator<Response> {
  const seq = view.seqOf(record.uid);
  if (seq === undefined) return;
  yield* view.drainKeywords();
  view.told(record);
  const flags: FetchDatum = { item: 'FLAGS', flags: view.flagsOf(record) };
  yield { type: 'fetch', seq, data: withUid ? [{ item: 'UID', value: record.uid }, flags] : [flags] };
}
