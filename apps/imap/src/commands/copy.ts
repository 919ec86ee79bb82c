/**
 * COPY and MOVE, and their UID forms (RFC 9051 §6.4.7, §6.4.8; RFC 6851), with COPYUID (RFC 4315 §3). What a MOVE takes
 * away the view tells of, as of any expunge; COPYUID comes before that, while the client still has the messages.
 */
import { findMailboxName, type MailboxName, type StoreResult, type Uid } from '../mailbox/store.ts';
import type { CommandOf } from '../wire/command.ts';
import type { Response, ResponseCode } from '../wire/response.ts';
import { type Context, no, type Outcome, ok, type Selected } from './context.ts';
import { modSeqNow } from './expunge.ts';
import { BAD_SET, uidsOf } from './sets.ts';
import { readOnly } from './store.ts';
import { refused, refusedDestination } from './store-error.ts';

type Copied = Awaited<ReturnType<Selected['view']['hub']['mailbox']['copy']>>;
type Transfer = (uids: readonly Uid[], destination: MailboxName) => Promise<Copied>;

export async function copy(_: Context, command: CommandOf<'COPY'>, selected: Selected): Promise<Outcome> {
  const { mailbox } = selected.view.hub;
  const done = await transfer(command, selected, (uids, destination) => mailbox.copy(uids, destination));
  return 'condition' in done ? done : ok('COPY completed.', copyUid(done));
}

export async function* move(
  { session }: Context,
  command: CommandOf<'MOVE'>,
  selected: Selected,
): AsyncGenerator<Response, Outcome, void> {
  const { view } = selected;
  if (view.readOnly) return readOnly();
  const done = await transfer(command, selected, (uids, destination) => view.hub.mailbox.move(uids, destination));
  if ('condition' in done) return done;
  yield { type: 'untagged', condition: 'OK', code: copyUid(done), text: 'The messages have these UIDs there.' };
  return session.condstore ? ok('MOVE completed.', await modSeqNow(view)) : ok('MOVE completed.');
}

type Pairs = Extract<Copied, { ok: true }>['value'];

/** What was copied or moved: one message at least; or the command's outcome. */
async function transfer(
  { name, mailbox, set, uid }: CommandOf<'COPY' | 'MOVE'>,
  selected: Selected,
  run: Transfer,
): Promise<Pairs | Outcome> {
  const destination: StoreResult<MailboxName> = await findMailboxName(selected.mail.value.store, mailbox);
  if (!destination.ok) return refused(destination.error);
  const uids = uidsOf(selected.view, set, uid);
  if (uids === undefined) return BAD_SET;
  if (uids.length === 0) return ok(`${name} completed: there was nothing to do.`);
  const copied = await run(uids, destination.value);
  if (!copied.ok) return refusedDestination(copied.error);
  await tellDestination(selected, destination.value);
  if (copied.value.pairs.length > 0) return copied.value;
  return no('Those messages were expunged.', { code: 'EXPUNGEISSUED' });
}

function copyUid({ pairs, uidValidity }: Pairs): ResponseCode {
  const source = pairs.map((pair) => pair.source);
  return { code: 'COPYUID', uidValidity, source, destination: pairs.map((pair) => pair.destination) };
}

/** Those who have the destination selected hear of it without waiting for the file system's events. */
async function tellDestination({ mail }: Selected, name: MailboxName): Promise<void> {
  const open = await mail.value.openAlready(name); // which looks at the disk
  await open?.release();
}
