/** CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE, LIST, LSUB and STATUS (RFC 3501 §6.3.3–§6.3.10). */

import { listPattern, parentsOf } from '../mailbox/list-pattern.ts';
import {
  DELIMITER,
  type MailboxInfo,
  type MailboxName,
  type MailStore,
  parseMailboxName,
  type StoreResult,
} from '../mailbox/store.ts';
import type { CommandOf } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { type Context, type Outcome, ok, type SignedIn } from './context.ts';
import { refused } from './store-error.ts';

export async function create(_: Context, command: CommandOf<'CREATE'>, { mail }: SignedIn): Promise<Outcome> {
  // A trailing delimiter only announces children, which need no announcement here (RFC 3501 §6.3.3).
  const wanted = command.mailbox.endsWith(DELIMITER) ? command.mailbox.slice(0, -1) : command.mailbox;
  return onMailbox(wanted, command.name, (name) => mail.value.store.create(name));
}

export async function remove(context: Context, command: CommandOf<'DELETE'>, signedIn: SignedIn): Promise<Outcome> {
  return onMailbox(command.mailbox, command.name, (name) =>
    leaving(context, signedIn, (selected) => selected === name, signedIn.mail.value.store.delete(name)),
  );
}

export async function rename(context: Context, command: CommandOf<'RENAME'>, signedIn: SignedIn): Promise<Outcome> {
  const to = parseMailboxName(command.to);
  if (!to.ok) return refused(to.error);
  return onMailbox(command.from, command.name, (from) => {
    const renamed = signedIn.mail.value.store.rename(from, to.value);
    // INBOX stays where it is; only its messages move (RFC 3501 §6.3.5). All else takes what is below it along.
    if (from === 'INBOX') return renamed;
    return leaving(context, signedIn, (name) => name === from || name.startsWith(from + DELIMITER), renamed);
  });
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

export async function subscribe(
  _: Context,
  command: CommandOf<'SUBSCRIBE' | 'UNSUBSCRIBE'>,
  { mail }: SignedIn,
): Promise<Outcome> {
  const on = command.name === 'SUBSCRIBE';
  return onMailbox(command.mailbox, command.name, (name) => mail.value.store.subscribe(name, on));
}

export async function* list(
  _: Context,
  command: CommandOf<'LIST'>,
  { mail }: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  if (command.pattern === '') {
    yield listed('list', rootOf(command.reference), ['\\Noselect']);
    return ok('LIST completed.');
  }
  const mailboxes = await mail.value.store.list();
  if (!mailboxes.ok) return refused(mailboxes.error);
  const matches = listPattern(command.reference, command.pattern, DELIMITER);
  for (const info of mailboxes.value) if (matches(info.name)) yield listed('list', info.name, attributesOf(info));
  return ok('LIST completed.');
}

export async function* lsub(
  _: Context,
  command: CommandOf<'LSUB'>,
  { mail }: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  const names = await mail.value.store.subscriptions();
  if (!names.ok) return refused(names.error);
  const matches = listPattern(command.reference, command.pattern, DELIMITER);
  const subscribed = new Set<string>(names.value);
  for (const name of names.value) if (matches(name)) yield listed('lsub', name, []);
  // `%` shows the level above a subscribed name too (RFC 3501 §6.3.9).
  const above = new Set(command.pattern.endsWith('%') ? names.value.flatMap((name) => parentsOf(name, DELIMITER)) : []);
  for (const name of above) if (!subscribed.has(name) && matches(name)) yield listed('lsub', name, ['\\Noselect']);
  return ok('LSUB completed.');
}

export async function* status(
  _: Context,
  command: CommandOf<'STATUS'>,
  { mail }: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  const name = parseMailboxName(command.mailbox);
  if (!name.ok) return refused(name.error);
  const numbers = await mail.value.store.status(name.value);
  if (!numbers.ok) return refused(numbers.error);
  const { messages, recent, uidNext, uidValidity, unseen } = numbers.value;
  const values = { MESSAGES: messages, RECENT: recent, UIDNEXT: uidNext, UIDVALIDITY: uidValidity, UNSEEN: unseen };
  yield { type: 'status', mailbox: name.value, items: command.items.map((item) => ({ item, value: values[item] })) };
  return ok('STATUS completed.');
}

type Change = (name: MailboxName) => ReturnType<MailStore['create']>;

async function onMailbox(wanted: string, command: string, change: Change): Promise<Outcome> {
  const name: StoreResult<MailboxName> = parseMailboxName(wanted);
  if (!name.ok) return refused(name.error);
  const changed = await change(name.value);
  if (!changed.ok) return refused(changed.error);
  return ok(`${command} completed.`);
}

/** The level of hierarchy that a reference starts with: what LIST with an empty pattern asks for. */
function rootOf(reference: string): string {
  const end = reference.indexOf(DELIMITER);
  return end === -1 ? '' : reference.slice(0, end + 1);
}

function attributesOf(info: MailboxInfo): string[] {
  const children = info.hasChildren ? '\\HasChildren' : '\\HasNoChildren'; // RFC 3348 §4
  return info.selectable ? [children] : ['\\Noselect', children];
}

function listed(type: 'list' | 'lsub', mailbox: string, attributes: readonly string[]): Response {
  return { type, attributes, delimiter: DELIMITER, mailbox };
}
