import type { NewAccount } from '@scorpiox/shared/accounts';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { accountFailure, withAccounts } from '../accounts.ts';
import type { Failure } from '../failure.ts';
import { withMail } from '../mail/store.ts';

export interface AddedUser {
  readonly name: string;
  /** The folder of the user's mail. */
  readonly maildir: string;
}

/** Adds an account and makes its Maildir with INBOX. A Maildir that is there already is taken over as it is. */
export async function addUser(
  config: Config,
  account: NewAccount,
  print: (line: string) => void,
): Promise<Result<AddedUser, Failure>> {
  return withAccounts(config, async (accounts) => {
    const added = await accounts.add(account);
    if (!added.ok) return err(accountFailure(added.error));
    const { name } = added.value;
    const mail = await withMail({ config, user: name, print }, async () => ok(undefined));
    if (mail.ok) return ok({ name, maildir: mailPlaces(config, name).maildir });
    const trouble = `The account ${name} was added, but its mail folder was not made: ${mail.error.message} It is made at the first sign-in or delivery.`;
    return err({ kind: mail.error.kind, message: trouble });
  });
}
