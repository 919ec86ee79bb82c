import type { MailboxName, MailStore } from '@scorpiox/maildir';
import { parseMailboxName } from '@scorpiox/maildir';
import type { Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { findAccount } from '../accounts.ts';
import type { Failure } from '../failure.ts';
import { storeFailure, withMail } from './store.ts';

export interface Delivery {
  readonly user: string;
  readonly mailbox: string;
  /** The message, exactly as it is to be stored. */
  readonly content: AsyncIterable<Uint8Array>;
  /** Takes what the operator should know although the message was stored. */
  readonly print: (line: string) => void;
}

/**
 * Stores a message in a user's mailbox, which is made if it is not there. When this succeeds, the message is on disk;
 * when it fails, it is not in the mailbox. The message is never held in memory as a whole.
 */
export async function deliver(config: Config, delivery: Delivery): Promise<Result<void, Failure>> {
  const name = parseMailboxName(delivery.mailbox);
  if (!name.ok) return err(storeFailure(name.error));
  const account = await findAccount(config, delivery.user);
  if (!account.ok) return err(keptByServer(account.error));
  const message = await refuseNothing(delivery.content);
  if (!message.ok) return message;
  return withMail({ config, user: account.value.name, print: delivery.print }, async (store) => {
    const made = await ensureMailbox(store, name.value);
    if (!made.ok) return made;
    const stored = await store.append(name.value, { content: message.value });
    return stored.ok ? ok(undefined) : err(storeFailure(stored.error));
  });
}

/** A mail server sends back what it may not deliver. That the accounts cannot be read is no fault of the message's. */
const keptByServer = (failure: Failure): Failure =>
  failure.kind === 'not-permitted' ? { ...failure, kind: 'try-again' } : failure;

/** Makes the mailbox unless it exists. */
export async function ensureMailbox(store: MailStore, name: MailboxName): Promise<Result<void, Failure>> {
  const made = await store.create(name);
  return made.ok || made.error.code === 'mailbox-exists' ? ok(undefined) : err(storeFailure(made.error));
}

/** The content from its first byte on: a delivery of nothing is a mistake of the caller, not a message. */
async function refuseNothing(content: AsyncIterable<Uint8Array>): Promise<Result<AsyncIterable<Uint8Array>, Failure>> {
  const chunks = content[Symbol.asyncIterator]();
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    if (next.value.length > 0) return ok(startingWith(next.value, chunks));
  }
  return err({ kind: 'usage', message: 'There is no message on standard input; nothing was stored.' });
}

async function* startingWith(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
