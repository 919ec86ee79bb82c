/** Sets of messages as handlers need them. */
import type { Uid } from '../mailbox/store.ts';
import type { View } from '../mailbox/view.ts';
import type { MessageSet } from '../wire/command.ts';
import { bad } from './context.ts';

/** The answer to a set that names a sequence number that does not exist (RFC 3501 §9 seq-number). */
export const BAD_SET = bad('The set names a message that does not exist.');

/** The UIDs of the messages of a set, ascending; `$` names what the last SEARCH saved. Undefined where it names a sequence number that does not exist. */
export function uidsOf(view: View, set: MessageSet, byUid: boolean): Uid[] | undefined {
  return view.resolve(set, byUid)?.flatMap((seq) => view.uidAt(seq) ?? []);
}
