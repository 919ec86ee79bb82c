/** APPEND (RFC 3501 §6.3.11): the message goes from the connection to the disk as it comes. */

import { MESSAGE_SIZE } from '../limits.ts';
import type { Appended, StoreResult } from '../mailbox/store.ts';
import { parseMailboxName } from '../mailbox/store.ts';
import type { CommandOf } from '../wire/command.ts';
import { bad, type Context, MessageIncomplete, no, type Outcome, ok, type SignedIn } from './context.ts';
import { refused, refusedDestination } from './store-error.ts';

export async function append(context: Context, command: CommandOf<'APPEND'>, { mail }: SignedIn): Promise<Outcome> {
  if (command.length > MESSAGE_SIZE) return no(`A message may have ${MESSAGE_SIZE} octets.`, { code: 'LIMIT' });
  const name = parseMailboxName(command.mailbox);
  if (!name.ok) return refused(name.error);
  const appended = await store(context, command, (message) => deliver(mail.value, name.value, message));
  if (context.client.message.failure !== undefined) return bad(context.client.message.failure);
  if (appended === undefined) return bad('The message ended early.');
  if (!appended.ok) return refusedDestination(appended.error);
  const { uidValidity, uid } = appended.value;
  return ok('APPEND completed.', { code: 'APPENDUID', uidValidity, uid });
}

type UserMail = SignedIn['mail']['value'];
type Message = Parameters<UserMail['store']['append']>[1];

/** Through the open mailbox where a session has it open, so that those who have it selected hear of it at once. */
async function deliver(
  mail: UserMail,
  name: Parameters<UserMail['open']>[0],
  message: Message,
): Promise<StoreResult<Appended>> {
  const open = await mail.openAlready(name);
  if (open === undefined) return mail.store.append(name, message);
  try {
    return await open.value.mailbox.append(message);
  } finally {
    await open.release();
  }
}

/** Undefined where the message never came whole. */
async function store(
  { client }: Context,
  { flags, internalDate, length }: CommandOf<'APPEND'>,
  run: (message: Message) => Promise<StoreResult<Appended>>,
): Promise<StoreResult<Appended> | undefined> {
  const message = { content: client.message.chunks, flags, length };
  try {
    return await run(internalDate === undefined ? message : { ...message, internalDate });
  } catch (error) {
    if (error instanceof MessageIncomplete) return undefined;
    throw error;
  }
}
