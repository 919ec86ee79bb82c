import { type MailStore, makeDefaultMailboxes, openMailStore, type StoreError } from '@scorpiox/maildir';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';

export interface MailOf {
  readonly config: Config;
  /** An account's name, already folded. */
  readonly user: string;
  /** Takes what the operator should know, such as a damaged index that is being rebuilt. */
  readonly print: (line: string) => void;
}

/** Runs `use` with the user's mail open; a new user's Maildir is made, with the default mailboxes. */
export async function withMail<T>(
  { config, user, print }: MailOf,
  use: (store: MailStore) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const store = await openMailStore({
    ...mailPlaces(config, user),
    log: ({ level, message }) => {
      if (level === 'warn') print(message);
    },
  });
  if (!store.ok) return err(storeFailure(store.error));
  try {
    const made = await makeDefaultMailboxes(store.value);
    if (!made.ok) print(`The default mailboxes could not be made: ${made.error.message}`);
    return await use(store.value);
  } finally {
    await store.value.close();
  }
}

/** What an error of the mail store means for whoever ran the command, a mail server above all. */
export function storeFailure(error: StoreError): Failure {
  switch (error.code) {
    case 'invalid-name':
    case 'invalid-keyword':
      return { kind: 'usage', message: error.message };
    // A mailbox is made before it is written to: somebody removed it in between.
    case 'no-such-mailbox':
    case 'no-space':
    case 'quota-exceeded':
    case 'unavailable':
    case 'index-replaced':
    case 'incomplete':
      return { kind: 'try-again', message: error.message };
    case 'access-denied':
    case 'not-permitted':
    case 'too-large':
      return { kind: 'not-permitted', message: error.message };
    case 'mailbox-exists':
    case 'vanished':
      return { kind: 'error', message: error.message };
  }
}
