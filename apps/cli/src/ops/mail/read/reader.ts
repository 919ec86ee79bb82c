/** A user's mail, opened to be looked at: nothing is made or changed, and nobody waits. */
import { type FolderReader, type MailboxName, MailReader, parseMailboxName } from '@scorpiox/maildir';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { findAccount } from '../../accounts.ts';
import type { Failure } from '../../failure.ts';
import { storeFailure } from '../store.ts';
import { unreadableMail } from '../users.ts';

/** Who is meant, and the mail. */
export interface Opened {
  /** The account's name, folded. */
  readonly user: string;
  readonly reader: MailReader;
}

/** Runs `use` with the user's mail open for reading. */
export async function withReader<T>(
  config: Config,
  name: string,
  use: (opened: Opened) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const account = await findAccount(config, name);
  if (!account.ok) return account;
  const user = account.value.name;
  let reader: MailReader | undefined;
  try {
    reader = new MailReader(mailPlaces(config, user));
    return await use({ user, reader });
  } catch (error) {
    return err(unreadableMail(config, user, error));
  } finally {
    reader?.close();
  }
}

/** A mailbox that was named, and its files. */
export interface Named {
  readonly name: MailboxName;
  readonly folder: FolderReader;
}

/** The mailbox of this name. */
export function findMailbox({ user, reader }: Opened, text: string): Result<Named, Failure> {
  const name = parseMailboxName(text);
  if (!name.ok) return err(storeFailure(name.error));
  const folder = reader.folder(name.value);
  if (folder !== undefined) return ok({ name: name.value, folder });
  const message = `${user} has no mailbox ${JSON.stringify(text)}; \`scorpiox mail list ${user}\` shows all.`;
  return err({ kind: 'error', message });
}
