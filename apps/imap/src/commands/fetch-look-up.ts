/**
 * What the index has of a batch of messages before FETCH answers. Wire texts that nobody has asked for yet are made first, and
 * kept with the messages, so that all there is to say of the batch stands ready.
 */
import { TEXT_AT_ONCE } from '../limits.ts';
import { OpenedMessage, Unreadable } from '../mailbox/opened-message.ts';
import type { MessageState, Uid } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { Context } from './context.ts';
import { type Found, type Kept, keptItems, needsFile, type Plan } from './fetch-data.ts';

/** A message as the index has it at the beginning of its batch, when the mailbox was at this modification sequence. */
export interface InIndex extends Found {
  readonly state: MessageState;
  readonly asOf: number;
}

/** What the index has of these messages, ascending: of whole records only where the plan asks for what they alone have. */
export async function lookUp(
  context: Context,
  view: View,
  plan: Plan,
  uids: readonly Uid[],
): Promise<ReadonlyMap<number, InIndex>> {
  const { mailbox } = view.hub;
  const texts = new Map<Kept, Map<Uid, string>>();
  for (const item of keptItems(plan)) texts.set(item, new Map(view.hub.keptTexts(uids, item)));
  if (texts.size > 0 && !needsFile(plan)) await makeMissing(context, view, texts, uids);
  const found = new Map<number, InIndex>();
  const asOf = mailbox.highestModSeq;
  if (plan.details) {
    for await (const slice of mailbox.records(uids))
      for (const record of slice)
        found.set(record.uid, { uid: record.uid, state: record, details: record, texts, asOf });
  } else {
    for (const state of mailbox.states(uids))
      found.set(state.uid, { uid: state.uid, state, details: undefined, texts, asOf });
  }
  return found;
}

async function makeMissing(
  context: Context,
  view: View,
  texts: ReadonlyMap<Kept, Map<Uid, string>>,
  uids: readonly Uid[],
): Promise<void> {
  for (const uid of uids) {
    const missing = [...texts].filter(([, known]) => !known.has(uid));
    if (missing.length === 0) continue;
    const opened = new OpenedMessage(view.hub, uid, () => context.breathe());
    try {
      for (const [item, known] of missing) {
        const wire = await opened.makeText(item);
        if (wire.length <= TEXT_AT_ONCE) known.set(uid, wire);
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error; // its own answer says what is the matter with it
    } finally {
      await opened.close();
    }
    await context.breathe();
  }
}
