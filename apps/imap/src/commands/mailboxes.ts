/** CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.4–§6.3.8, RFC 6154 §3, RFC 8474 §4.1). */
import { SUBSCRIPTIONS } from '../limits.ts';
import { moveSpecialUses, parseSpecialUses } from '../mailbox/special-use.ts';
import {
  DELIMITER,
  findMailboxName,
  INBOX,
  type MailboxName,
  type MailStore,
  type SpecialUse,
  type StoreResult,
} from '../mailbox/store.ts';
import type { CommandOf } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { type Context, no, type Outcome, ok, type SignedIn } from './context.ts';
import { listOf } from './list.ts';
import { refused } from './store-error.ts';

export async function* create(
  context: Context,
  command: CommandOf<'CREATE'>,
  { mail }: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  const { store } = mail.value;
  // A trailing delimiter only announces children, which need no announcement here (RFC 9051 §6.3.4).
  const wanted = command.mailbox.endsWith(DELIMITER) ? command.mailbox.slice(0, -1) : command.mailbox;
  const name = await findMailboxName(store, wanted);
  if (!name.ok) return refused(name.error);
  const uses = parseSpecialUses(command.specialUse);
  if (uses === undefined) return no('No mailbox can have that special use here.', { code: 'USEATTR' });
  const created = await store.create(name.value, uses);
  if (!created.ok) return refused(created.error);
  await takeOver(context, store, name.value, uses);
  if (name.value !== wanted && context.session.rev2) yield* announce(store, name.value, wanted);
  const made = await store.status(name.value, { size: false });
  if (made.ok) return ok('CREATE completed.', { code: 'MAILBOXID', id: made.value.mailboxId });
  context.report(`A new mailbox could not be looked at: ${made.error.code}.`);
  return ok('CREATE completed.');
}

/** A special use goes from the mailbox that had it to the new one, so that clients find one (RFC 6154 §3). */
async function takeOver(
  context: Context,
  store: MailStore,
  name: MailboxName,
  uses: readonly SpecialUse[],
): Promise<void> {
  const moved = await moveSpecialUses(store, name, uses);
  if (!moved.ok) context.report(`A special use could not be taken from another mailbox: ${moved.error.code}.`);
}

/** Tells a client of IMAP4rev2 under which name it finds what it called otherwise (RFC 9051 §6.3.9.7). */
async function* announce(store: MailStore, name: MailboxName, oldName: string): AsyncGenerator<Response, void, void> {
  const response = await listOf(store, name, oldName);
  if (response !== undefined) yield response;
}

export async function* remove(
  context: Context,
  command: CommandOf<'DELETE'>,
  signedIn: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  const { store } = signedIn.mail.value;
  const name = await findMailboxName(store, command.mailbox);
  if (!name.ok) return refused(name.error);
  const removed = await leaving(context, signedIn, (selected) => selected === name.value, store.delete(name.value));
  // A level without a mailbox of its own: what is below it stays (RFC 9051 §6.3.5).
  if (!removed.ok && removed.error.code === 'not-permitted' && name.value !== INBOX)
    return no(removed.error.message, { code: 'HASCHILDREN' });
  if (!removed.ok) return refused(removed.error);
  if (name.value !== command.mailbox && context.session.rev2) yield gone(name.value, command.mailbox);
  return ok('DELETE completed.');
}

const gone = (mailbox: MailboxName, oldName: string): Response => ({
  ...{ type: 'list', attributes: ['\\NonExistent'], delimiter: DELIMITER, mailbox, oldName },
});

export async function* rename(
  context: Context,
  command: CommandOf<'RENAME'>,
  signedIn: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  const { store } = signedIn.mail.value;
  const from = await findMailboxName(store, command.from);
  if (!from.ok) return refused(from.error);
  const to = await findMailboxName(store, command.to);
  if (!to.ok) return refused(to.error);
  const change = store.rename(from.value, to.value);
  // INBOX stays where it is; only its messages move (RFC 9051 §6.3.6). All else takes what is below it along.
  const isTaken = (name: MailboxName) => name === from.value || name.startsWith(from.value + DELIMITER);
  const renamed = await (from.value === INBOX ? change : leaving(context, signedIn, isTaken, change));
  if (!renamed.ok) return refused(renamed.error);
  if (context.session.rev2 && from.value !== INBOX) yield* announce(store, to.value, command.from);
  return ok('RENAME completed.');
}

/**
 * A session that took away the mailbox it has selected leaves it, before the view notices: it is not to be cut off by
 * its own doing. Where the change was refused it stays selected.
 */
async function leaving(
  context: Context,
  signedIn: SignedIn,
  isTaken: (selected: MailboxName) => boolean,
  change: Promise<StoreResult<void>>,
): Promise<StoreResult<void>> {
  const changed = await change;
  if (changed.ok && signedIn.name === 'selected' && isTaken(signedIn.view.hub.mailbox.name)) {
    await context.become({ name: 'authenticated', user: signedIn.user, mail: signedIn.mail });
  }
  return changed;
}

/** A name may be subscribed to before there is a mailbox of it, as programs that copy accounts do (RFC 9051 §6.3.7). */
export async function subscribe(
  _: Context,
  command: CommandOf<'SUBSCRIBE' | 'UNSUBSCRIBE'>,
  { mail }: SignedIn,
): Promise<Outcome> {
  const { store } = mail.value;
  const name = await findMailboxName(store, command.mailbox);
  if (!name.ok) return refused(name.error);
  const on = command.name === 'SUBSCRIBE';
  if (on && (await isOneTooMany(store, name.value)))
    return no(`No more than ${SUBSCRIPTIONS} names can be subscribed to.`, { code: 'LIMIT' });
  const changed = await store.subscribe(name.value, on);
  return changed.ok ? ok(`${command.name} completed.`) : refused(changed.error);
}

async function isOneTooMany(store: MailStore, name: MailboxName): Promise<boolean> {
  const names = await store.subscriptions();
  return names.ok && names.value.length >= SUBSCRIPTIONS && !names.value.includes(name);
}
