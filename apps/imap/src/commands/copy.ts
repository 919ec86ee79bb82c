/** COPY and UID COPY (RFC 3501 §6.4.7) with COPYUID (RFC 4315 §3). */
import { type MailboxName, parseMailboxName } from '../mailbox/store.ts';
import type { CommandOf } from '../wire/command.ts';
import { type Context, no, type Outcome, ok, type Selected } from './context.ts';
import { BAD_SET, uidsOf } from './sets.ts';
import { refused, refusedDestination } from './store-error.ts';

export async function copy(_: Context, command: CommandOf<'COPY'>, selected: Selected): Promise<Outcome> {
  const { view } = selected;
  const name = parseMailboxName(command.mailbox);
  if (!name.ok) return refused(name.error);
  const uids = uidsOf(view, command.set, command.uid);
  if (uids === undefined) return BAD_SET;
  if (uids.length === 0) return ok('COPY completed: there was nothing to copy.');
  const copied = await view.hub.mailbox.copy(uids, name.value);
  if (!copied.ok) return refusedDestination(copied.error);
  await tellDestination(selected, name.value);
  const { pairs, uidValidity } = copied.value;
  if (pairs.length === 0) return no('Those messages were expunged.', { code: 'EXPUNGEISSUED' });
  const source = pairs.map((pair) => pair.source);
  const destination = pairs.map((pair) => pair.destination);
  return ok('COPY completed.', { code: 'COPYUID', uidValidity, source, destination });
}

/** Those who have the destination selected hear of the copies without waiting for the file system's events. */
async function tellDestination({ mail }: Selected, name: MailboxName): Promise<void> {
  const open = await mail.value.openAlready(name); // which looks at the disk
  await open?.release();
}
