/**
 * What a power failure may have taken from the index: flags that were answered within FLAG_SYNC before it, and the
 * modification sequences that were given for them. So the first opening after a boot has every folder read again, and lets
 * no modification sequence be given twice.
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
