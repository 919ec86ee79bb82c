/** Enters files that are in place into the index. */
import type { ObjectId, Uid } from '../api.ts';
import type { Sizes } from '../content/content.ts';
import type { Folder, StoreContext } from '../context.ts';
import type { Place } from '../files/places.ts';
import type { Details, MessageRow } from '../index/message-row.ts';
import type { StoredFlags } from '../names/flags.ts';
import { toBaseName, toUid } from '../names/ids.ts';

/** A file that is in place, to be entered into the index. */
export interface Landed {
  readonly base: string;
  readonly place: Place;
  readonly flags: StoredFlags;
  readonly internalDate: number;
  readonly sizes: Sizes;
  readonly details: Details;
  /** Given where the message is a copy. */
  readonly emailId: ObjectId | undefined;
}

/** What somebody's look at the folder could not know, because only the index holds it. */
function complete(context: StoreContext, folder: Folder, known: MessageRow, landed: Landed, modSeq: () => number): Uid {
  const { messages } = context.index;
  const { flags, internalDate, details } = landed;
  const sizes = { size: landed.sizes.size, virtualSize: landed.sizes.virtualSize };
  if (flags.extra !== '') messages.update(folder.id, known.uid, { ...known, extra: flags.extra }, modSeq());
  if (details !== 'name') messages.learn(folder.id, known.uid, { internalDate, ...sizes, details });
  return known.uid;
}

/**
 * Enters a landed file; runs inside a write transaction. Undefined when the mailbox is gone. Where somebody's look at the
 * folder was quicker, the message has a UID already; one that is not above `after` is given up, since those who append or
 * copy several messages are promised UIDs in their order.
 */
export function enter(
  context: StoreContext,
  folder: Folder,
  landed: Landed,
  modSeq: () => number,
  after = 0,
): Uid | undefined {
  const { index } = context;
  const base = toBaseName(landed.base);
  const known = index.messages.byBase(folder.id, base);
  if (known !== undefined) {
    if (known.uid > after) return complete(context, folder, known, landed, modSeq);
    index.messages.remove(folder.id, known.uid, modSeq());
  }
  const uid = index.mailboxes.giveUid(folder.id);
  if (uid === undefined) return undefined;
  const { flags, internalDate, place, details, emailId } = landed;
  const { size, virtualSize } = landed.sizes;
  const saveDate = context.clock();
  const row = { base, ...place, ...flags, recent: true, internalDate, size, virtualSize, details, saveDate, emailId };
  index.messages.add(folder.id, uid, modSeq(), row);
  return toUid(uid);
}
