/** Forgets the oldest expunges of a mailbox once there are far more than KEPT_EXPUNGES. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Folder, StoreContext } from '../context.ts';
import { KEPT_EXPUNGES, ROWS, SPARE_EXPUNGES, UNCOUNTED_EXPUNGES } from '../limits.ts';

/**
 * The mailbox's `historyFrom` rises in the same transaction in which the first of them goes, so that nobody takes what
 * is left for all there was. Written late: when it is lost, all of it is, and done again.
 */
export async function pruneHistory(
  { index }: StoreContext,
  folder: Folder,
  when: 'always' | 'after expunges',
): Promise<void> {
  if (when === 'after expunges' && !index.changes.hasExpunged(folder.id, UNCOUNTED_EXPUNGES)) return;
  if (index.changes.expungeBehind(folder.id, KEPT_EXPUNGES + SPARE_EXPUNGES) === undefined) return;
  const from = index.changes.expungeBehind(folder.id, KEPT_EXPUNGES - 1);
  if (from === undefined) return;
  for (let forgotten = ROWS; forgotten === ROWS; ) {
    forgotten = await index.db.writeLate(() => {
      index.mailboxes.raiseHistory(folder.id, from);
      return index.changes.forgetExpunges(folder.id, from, ROWS);
    });
    await nextTurn();
  }
  index.committed(folder.id);
}
