/** Reading needs no room: what a full disk keeps out of the index is told, and entered by a later look. */
import type { Folder, StoreContext } from '../context.ts';
import { toStoreError } from '../errors.ts';
import { NEVER_SCANNED } from '../index/mailboxes.ts';

const isFull = (error: unknown): boolean => {
  const code = toStoreError(error)?.code;
  return code === 'no-space' || code === 'quota-exceeded';
};

/**
 * Takes in what a folder holds, as far as there is room; false where there was none. Throws nevertheless where the folder
 * has never been read to its end: what the index has of it by then is no answer.
 */
export async function asFarAsThereIsRoom(
  context: StoreContext,
  folder: Folder,
  look: () => Promise<void>,
): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    const isKnown = context.index.db.isCurrent() && context.index.mailboxes.byId(folder.id)?.scanned !== NEVER_SCANNED;
    if (!isFull(error) || !isKnown) throw error;
    context.stats.looksWithoutRoom += 1;
    return false;
  }
}

/** Tells the operator, once for each time that the disk is full. */
export function tellFull(context: StoreContext, folder: Folder): void {
  const message = `The disk is full: what is new in ${folder.path} is shown when there is room to enter it.`;
  context.log({ level: 'warn', code: 'look-unrecorded', message });
}
