/**
 * SELECT, EXAMINE, CLOSE and UNSELECT (RFC 9051 §6.3.2, §6.3.3, §6.4.1, §6.4.2; RFC 3501 §6.3.1), with what a client that
 * comes back has missed (RFC 7162 §3.2.5).
 */
import { allFlags, permanentFlags } from '../mailbox/flags.ts';
import type { Hub } from '../mailbox/hub.ts';
import type { Lease } from '../mailbox/leases.ts';
import { DELIMITER, findMailboxName } from '../mailbox/store.ts';
import { highestModSeq } from '../mailbox/telling.ts';
import { View } from '../mailbox/view.ts';
import type { CommandOf, Resynchronisation } from '../wire/command.ts';
import type { Response, ResponseCode } from '../wire/response.ts';
import { type Context, type Outcome, ok, type Selected, type SignedIn } from './context.ts';
import { refused } from './store-error.ts';

type Command = CommandOf<'SELECT' | 'EXAMINE'>;

export async function* select(
  context: Context,
  command: Command,
  { name: before, user, mail }: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  // Whatever was selected is no longer, even where this fails (RFC 3501 §6.3.1).
  await context.become({ name: 'authenticated', user, mail });
  if (before === 'selected') yield said({ code: 'CLOSED' }, 'The mailbox before is closed.');
  const name = await findMailboxName(mail.value.store, command.mailbox);
  if (!name.ok) return refused(name.error);
  const hub = await mail.value.open(name.value);
  if (!hub.ok) return refused(hub.error);
  const view = await viewOf(context, hub.value, command.name === 'EXAMINE');
  await context.become({ name: 'selected', user, mail, hub: hub.value, view });
  yield* describe(context, view, command);
  return yield* catchUp(context, view, command);
}

/** The share of the mailbox is the session's from the next state on; until then it is given back where this breaks. */
async function viewOf({ session }: Context, hub: Lease<Hub>, readOnly: boolean): Promise<View> {
  try {
    return await View.open(hub.value, readOnly, session);
  } catch (error) {
    await hub.release();
    throw error;
  }
}

function* describe({ session }: Context, view: View, command: Command): Generator<Response, void, void> {
  const { mailbox } = view.hub;
  const keywords = mailbox.keywords();
  yield { type: 'flags', flags: allFlags(keywords) };
  yield { type: 'exists', count: view.count };
  if (session.rev2) yield listed(mailbox.name, command.mailbox);
  else yield* oldNumbers(view);
  yield permanentFlags(keywords, view.readOnly);
  yield said({ code: 'UIDVALIDITY', value: mailbox.uidValidity }, 'UIDs are valid.');
  yield said({ code: 'UIDNEXT', value: mailbox.uidNext }, 'Predicted next UID.');
  yield said({ code: 'MAILBOXID', id: mailbox.mailboxId }, 'The mailbox for good.');
  yield highestModSeq(view.modSeq);
}

/** What IMAP4rev2 no longer knows (RFC 9051 appendix E). */
function* oldNumbers(view: View): Generator<Response, void, void> {
  yield { type: 'recent', count: view.recent };
  const unseen = view.hub.mailbox.firstUnseen();
  const seq = unseen === undefined ? undefined : view.seqOf(unseen);
  if (seq !== undefined) yield said({ code: 'UNSEEN', value: seq }, 'First unseen message.');
}

/** The mailbox that is selected, with the name by which it was asked for where that is another one (RFC 9051 §6.3.2). */
function listed(mailbox: string, asked: string): Response {
  const response = { type: 'list', attributes: [], delimiter: DELIMITER, mailbox } as const;
  return asked === mailbox ? response : { ...response, oldName: asked };
}

/** Tells a client that comes back what it has missed, where it was in this mailbox at all. */
async function* catchUp(
  context: Context,
  view: View,
  { name, qresync }: Command,
): AsyncGenerator<Response, Outcome, void> {
  const code = { code: view.readOnly ? 'READ-ONLY' : 'READ-WRITE' } as const;
  if (qresync === undefined) return ok(`${name} completed.`, code);
  // The client sees it by the UIDVALIDITY that it was told (RFC 7162 §3.2.5).
  if (qresync.uidValidity !== view.hub.mailbox.uidValidity)
    return ok('The UIDs that you know are no longer valid.', code);
  yield* missed(context, view, qresync);
  return ok(`${name} completed.`, code);
}

async function* missed(
  context: Context,
  view: View,
  { modSeq, knownUids, match }: Resynchronisation,
): AsyncGenerator<Response, void, void> {
  const { vanished, changed } = await view.missed({ since: modSeq, uids: knownUids, match });
  if (vanished.length > 0) yield { type: 'vanished-earlier', ranges: vanished };
  for (const state of changed) {
    const seq = view.seqOf(state.uid);
    if (seq === undefined) continue;
    view.told(state);
    yield { type: 'fetch', seq, data: view.flagsData(state, true) };
    await context.breathe();
  }
}

function said(code: ResponseCode, text: string): Response {
  return { type: 'untagged', condition: 'OK', code, text };
}

/** CLOSE removes what is \Deleted without a word, and leaves the mailbox. */
export async function close(context: Context, _command: unknown, selected: Selected): Promise<Outcome> {
  const { view } = selected;
  const removed = view.readOnly ? undefined : await view.hub.mailbox.expunge();
  await leave(context, selected);
  return removed === undefined || removed.ok ? ok('CLOSE completed.') : refused(removed.error);
}

/** UNSELECT leaves the mailbox, and removes nothing (RFC 3691). */
export async function unselect(context: Context, _command: unknown, selected: Selected): Promise<Outcome> {
  await leave(context, selected);
  return ok('UNSELECT completed.');
}

function leave(context: Context, { user, mail }: Selected): Promise<void> {
  return context.become({ name: 'authenticated', user, mail });
}
