/**
 * Removes the rows of mailboxes that are no more, some at a time: a mailbox of 100,000 messages has rows for a second of the
 * event loop. It went in one small transaction (Mailboxes.remove); who dies in the midst of this leaves the rest to the next.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoreContext } from '../context.ts';
import { errno, sqliteCode } from '../errors.ts';
import { sliceTimer } from '../slices.ts';

/** Nobody waits for these rows to be gone, so a full disk or a lock fails nothing. */
export async function clearRemoved({ index, log }: StoreContext): Promise<void> {
  try {
    for (const id of index.mailboxes.removed()) {
      while (await index.db.writeLate(() => index.mailboxes.clear(id, sliceTimer()))) await nextTurn();
    }
  } catch (error) {
    if (sqliteCode(error) === undefined && errno(error) === undefined) throw error;
    const reason = error instanceof Error ? error.message : 'unknown reason';
    const message = `Rows of a mailbox that was deleted are left in the index until the next look: ${reason}`;
    log({ level: 'info', code: 'look-unrecorded', message });
  }
}
