/** EXPUNGE (RFC 3501 §6.4.3) and UID EXPUNGE (RFC 4315 §2.1). The view tells of what is gone, as of any expunge. */
import type { CommandOf } from '../wire/command.ts';
import { type Context, type Outcome, ok, type Selected } from './context.ts';
import { uidsOf } from './sets.ts';
import { readOnly } from './store.ts';
import { refused } from './store-error.ts';

export async function expunge(
  _: Context,
  command: CommandOf<'EXPUNGE' | 'UID EXPUNGE'>,
  { view }: Selected,
): Promise<Outcome> {
  if (view.readOnly) return readOnly();
  const uids = command.name === 'UID EXPUNGE' ? uidsOf(view, command.set, true) : undefined;
  const removed = await view.hub.mailbox.expunge(uids);
  return removed.ok ? ok(`${command.name} completed.`) : refused(removed.error);
}
