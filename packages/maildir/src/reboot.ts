/**
 * What a power failure may have taken from the index: flags that were answered within FLAG_SYNC before it, and the
 * modification sequences that were given for them. So the first opening after a boot has every folder read again, and lets
 * no modification sequence be given twice.
 *
 * Where the failure took a change from the file's name and from the index alike, nothing is left that tells of it: whoever
 * was told of the change would ask for what came after it, and never hear that the flags are the old ones again. So a
 * mailbox is marked, durably, before the first such change is answered (`noteLate`), and the first opening after a boot
 * counts every message of a marked mailbox as changed: clients fetch flags that they have, once. The mark stays while the
 * store is open, since it costs a sync, and is taken off by whoever closes it and finds everything synced.
 */
import { readFileSync } from 'node:fs';
import { toStoreError } from './errors.ts';
import type { MailIndex } from './index/index.ts';
import { REBOOT_JUMP } from './limits.ts';

/** The kernel's name for this boot; undefined where there is none. */
export function readBootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || undefined;
  } catch {
    return undefined; // no Linux, or no /proc: flags are synced before they are answered then
  }
}

/**
 * Compares the boot with the one in which the index was last opened. Durable when it resolves; where a full disk forbids
 * that, mail can be read nevertheless, and the first write does it.
 */
export async function noteBoot(index: MailIndex, boot: string | undefined): Promise<void> {
  if (index.db.read(() => index.facts.get('boot')) === boot) return;
  const note = (): void => {
    if (index.facts.get('boot') === boot) return; // another process was quicker
    index.mailboxes.distrustAll(REBOOT_JUMP);
    for (const mailbox of index.facts.late()) {
      index.mailboxes.changeAll(mailbox);
      index.facts.remove(`late ${mailbox}`);
    }
    if (boot === undefined) index.facts.remove('boot');
    else index.facts.set('boot', boot);
  };
  try {
    await index.db.write(note);
  } catch (error) {
    if (toStoreError(error)?.code !== 'no-space') throw error;
    index.db.withNextWrite(note);
  }
}

/** Marks a mailbox whose flags are changed late; true where the mark is new. Runs inside the transaction of the change. */
export function noteLate(index: MailIndex, mailbox: number): boolean {
  if (index.facts.get(`late ${mailbox}`) !== undefined) return false;
  index.facts.set(`late ${mailbox}`, 'yes');
  return true;
}

/** Syncs the log, and takes the marks off the mailboxes in which nobody has changed anything since. */
export async function settleLate(index: MailIndex): Promise<void> {
  const marked = index.db.read(() =>
    index.facts.late().map((id) => ({ id, highest: index.mailboxes.byId(id)?.highestModSeq })),
  );
  if (marked.length === 0) return;
  await index.db.syncLog();
  index.db.writeCache(() => {
    for (const { id, highest } of marked) {
      if (index.mailboxes.byId(id)?.highestModSeq === highest) index.facts.remove(`late ${id}`);
    }
  });
}
