/** STATUS, and what LIST tells of mailboxes by it (RFC 9051 §6.3.11, RFC 5819). */
import {
  findMailboxName,
  type MailboxName,
  type MailboxStatus,
  type MailStore,
  type StoreResult,
} from '../mailbox/store.ts';
import type { CommandOf, StatusItem } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { type Context, type Outcome, ok, type SignedIn } from './context.ts';
import { refused } from './store-error.ts';

const VALUES: { readonly [I in StatusItem]: (status: MailboxStatus, context: Context) => number | string } = {
  MESSAGES: ({ messages }) => messages,
  RECENT: ({ recent }) => recent,
  UIDNEXT: ({ uidNext }) => uidNext,
  UIDVALIDITY: ({ uidValidity }) => uidValidity,
  UNSEEN: ({ unseen }) => unseen,
  DELETED: ({ deleted }) => deleted,
  SIZE: ({ size }) => size,
  HIGHESTMODSEQ: ({ highestModSeq }) => highestModSeq,
  APPENDLIMIT: (_, { messageSize }) => messageSize,
  MAILBOXID: ({ mailboxId }) => mailboxId,
};

export async function* status(
  context: Context,
  command: CommandOf<'STATUS'>,
  { mail }: SignedIn,
): AsyncGenerator<Response, Outcome, void> {
  const { store } = mail.value;
  const name = await findMailboxName(store, command.mailbox);
  if (!name.ok) return refused(name.error);
  const told = await statusOf(context, store, name.value, command.items);
  if (!told.ok) return refused(told.error);
  yield { ...told.value, mailbox: command.mailbox }; // as the client calls it, normalized or not
  return ok('STATUS completed.');
}

/** The STATUS response of a mailbox. Sizes are learnt only where they are asked for: that may read every message. */
export async function statusOf(
  context: Context,
  store: MailStore,
  name: MailboxName,
  items: readonly StatusItem[],
): Promise<StoreResult<Response & { readonly type: 'status' }>> {
  const answer = await store.status(name, { size: items.includes('SIZE') });
  if (!answer.ok) return answer;
  const values = items.map((item) => ({ item, value: VALUES[item](answer.value, context) }));
  return { ok: true, value: { type: 'status', mailbox: name, items: values } };
}
