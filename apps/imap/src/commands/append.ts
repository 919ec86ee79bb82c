/**
 * APPEND of one message or several, all or none (RFC 9051 §6.3.12, RFC 3502): each goes from the connection to the disk as
 * it comes, and is stored as it is, NULs (literal8, RFC 3516 §4.4) and 8-bit headers included.
 *
 * RFC 6855 §4 wants 8-bit headers refused where UTF8=ACCEPT was not enabled. They are taken: programs that bring mail from
 * elsewhere would leave behind what every mail server has delivered for decades.
 */
import { APPENDED_MESSAGES } from '../limits.ts';
import {
  type AppendedAll,
  findMailboxName,
  type MailboxName,
  type NewMessage,
  type StoreResult,
} from '../mailbox/store.ts';
import type { AppendedMessage, CommandOf } from '../wire/command.ts';
import { bad, type Context, MessageIncomplete, no, type Outcome, ok, type SignedIn } from './context.ts';
import { refusedDestination } from './store-error.ts';

export async function append(context: Context, command: CommandOf<'APPEND'>, signedIn: SignedIn): Promise<Outcome> {
  const refusal = whyNot(context, command.first);
  if (refusal !== undefined) return refusal;
  const { store } = signedIn.mail.value;
  const name = await findMailboxName(store, command.mailbox);
  if (!name.ok) return refusedDestination(name.error);
  const appended = await appendAll(context, signedIn, name.value);
  if ('condition' in appended) return appended;
  if (appended.ok) return ok('APPEND completed.', { code: 'APPENDUID', ...appended.value });
  const { code, message } = appended.error;
  return code === 'too-large' ? no(message, { code: 'TOOBIG' }) : refusedDestination(appended.error);
}

/** Why a message is refused before its octets are asked for. */
function whyNot({ session, messageSize }: Context, { length, utf8 }: AppendedMessage): Outcome | undefined {
  if (length > messageSize) return no(`A message may have ${messageSize} octets.`, { code: 'TOOBIG' });
  // The way to take back what has been sent of a MULTIAPPEND (RFC 3502 §6.3.11).
  if (length === 0) return no('A message without an octet is not stored; nothing was appended.');
  if (utf8 && !session.utf8) return no('ENABLE UTF8=ACCEPT comes first.', { code: 'CANNOT' }); // RFC 6855 §4
  return undefined;
}

/** The outcome of an APPEND that is refused in the midst of its messages. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.text);
    this.outcome = outcome;
  }
}

async function appendAll(
  context: Context,
  { mail }: SignedIn,
  name: MailboxName,
): Promise<StoreResult<AppendedAll> | Outcome> {
  try {
    return await mail.value.store.appendAll(name, newMessages(context));
  } catch (error) {
    if (error instanceof Refused) return error.outcome;
    if (error instanceof MessageIncomplete) return bad(context.client.message.failure ?? 'The message ended early.');
    throw error;
  }
}

/** The messages as the store takes them, each as it comes. What is thrown here leaves nothing behind in the store. */
async function* newMessages(context: Context): AsyncGenerator<NewMessage, void, void> {
  let count = 0;
  for await (const { attributes, chunks } of context.client.messages) {
    count += 1;
    if (count > APPENDED_MESSAGES)
      throw new Refused(no(`One APPEND may hold ${APPENDED_MESSAGES} messages.`, { code: 'LIMIT' }));
    const refusal = whyNot(context, attributes);
    if (refusal !== undefined) throw new Refused(refusal);
    const { flags, internalDate, length } = attributes;
    yield { content: chunks, flags, length, ...(internalDate === undefined ? {} : { internalDate }) };
  }
}
