/**
 * EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (RFC 9051 §6.4.9). The view tells of what is gone, as of any expunge; the tagged
 * response has the HIGHESTMODSEQ that goes with it (RFC 7162 §3.2.7, §3.2.9).
 */
import type { View } from '../mailbox/view.ts';
import type { CommandOf } from '../wire/command.ts';
import type { ResponseCode } from '../wire/response.ts';
import { type Context, type Outcome, ok, type Selected } from './context.ts';
import { uidsOf } from './sets.ts';
import { readOnly } from './store.ts';
import { refused } from './store-error.ts';

export async function expunge(
  { session }: Context,
  command: CommandOf<'EXPUNGE' | 'UID EXPUNGE'>,
  { view }: Selected,
): Promise<Outcome> {
  if (view.readOnly) return readOnly();
  const uids = command.name === 'UID EXPUNGE' ? uidsOf(view, command.set, true) : undefined;
  const removed = await view.hub.mailbox.expunge(uids);
  if (!removed.ok) return refused(removed.error);
  const text = `${command.name} completed.`;
  return session.qresync && removed.value.length > 0 ? ok(text, await modSeqNow(view)) : ok(text);
}

/** Up to where the client knows everything when it has been told of what is gone. */
export async function modSeqNow(view: View): Promise<ResponseCode> {
  await view.takeIn();
  return { code: 'HIGHESTMODSEQ', value: view.modSeq };
}
