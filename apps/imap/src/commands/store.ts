/** STORE and UID STORE (RFC 9051 §6.4.6), and STORE on the condition that nobody was faster (RFC 7162 §3.1.3). */

import { STATES_AT_ONCE } from '../limits.ts';
import { applyChange } from '../mailbox/flags.ts';
import type { Flag, FlagChange, MessageState, Uid } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { CommandOf } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
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
  const expected = command.silent ? await expectations(context, view, uids, command) : undefined;
  const stored = await view.hub.mailbox.store(uids, command);
  if (!stored.ok) return refused(stored.error);
  const { changed, modified } = stored.value;
  for (const state of changed) {
    yield* tell(view, state, command.uid, expected?.get(state.uid));
    await context.breathe();
  }
  // Saves the client the question why (RFC 7162 §3.1.3).
  for (const state of view.hub.mailbox.states(modified)) {
    yield* tell(view, state, command.uid);
    await context.breathe();
  }
  return outcome(view, command, stored.value, uids.length);
}

/** The change was made where there was something to change (RFC 2180 §4.2.1) and where it was allowed. */
function outcome(view: View, { uid }: CommandOf<'STORE'>, { changed, modified }: Stored, asked: number): Outcome {
  const isWhole = changed.length + modified.length === asked;
  if (modified.length > 0) {
    const numbers = uid ? modified : modified.flatMap((one) => view.seqOf(one) ?? []);
    const code = { code: 'MODIFIED', numbers } as const;
    if (isWhole) return ok('STORE completed; some of the messages had changed before.', code);
    return no('Some of the messages were expunged, others had changed before.', code);
  }
  if (isWhole) return ok('STORE completed.');
  const gone = { code: 'EXPUNGEISSUED' } as const;
  return changed.length === 0
    ? no('Those messages were expunged.', gone)
    : ok('STORE completed; some of the messages were expunged.', gone);
}

type Stored = Extract<Awaited<ReturnType<View['hub']['mailbox']['store']>>, { ok: true }>['value'];
type Expected = Map<number, ReadonlySet<Flag>>;

/** The flags that a client computes for itself after a STORE …SILENT, where it is known what it has in mind. */
async function expectations(context: Context, view: View, uids: readonly Uid[], change: FlagChange): Promise<Expected> {
  view.absorb(); // what others changed until now is the client's to be told, not to be computed from
  const expected: Expected = new Map();
  const after = new Map<ReadonlySet<Flag>, ReadonlySet<Flag>>(); // messages share their sets
  for (let start = 0; start < uids.length; start += STATES_AT_ONCE) {
    for (const { uid, flags } of view.known(uids.slice(start, start + STATES_AT_ONCE))) {
      const result = after.get(flags) ?? applyChange(flags, change);
      after.set(flags, result);
      expected.set(uid, result);
    }
    await context.breathe();
  }
  return expected;
}

/** @param expected the flags that the client works out for itself: where they are right, they need no word. */
function* tell(
  view: View,
  state: MessageState,
  withUid: boolean,
  expected?: ReadonlySet<Flag>,
): Generator<Response, void, void> {
  const seq = view.seqOf(state.uid);
  if (seq === undefined) return;
  if (expected !== undefined && view.silence(state, expected)) {
    const data = view.modSeqData(state, withUid);
    if (data !== undefined) yield { type: 'fetch', seq, data };
    return;
  }
  yield* view.drainKeywords();
  view.told(state);
  yield { type: 'fetch', seq, data: view.flagsData(state, withUid) };
}
