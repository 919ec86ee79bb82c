import type { AccountError, Accounts, AppPassword } from '@scorpiox/shared/accounts';
import type { Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { accountFailure, findAccount, withAccounts } from '../accounts.ts';
import type { Failure } from '../failure.ts';

/** An app password as it is shown. */
interface Shown extends Record<string, string> {
  readonly name: string;
  readonly login: string;
  /** ISO 8601. */
  readonly created: string;
}

/** Makes an app password. */
export async function addAppPassword(
  config: Config,
  user: string,
  label: string,
): Promise<Result<{ user: string; name: string; login: string; password: string }, Failure>> {
  return withUser(config, user, async (accounts, account) => {
    const added = await accounts.addAppPassword(account, label);
    if (!added.ok) return added;
    const { name, login, password } = added.value;
    return ok({ user: account, name, login, password });
  });
}

/** An account's app passwords, by name. */
export async function listAppPasswords(config: Config, user: string): Promise<Result<readonly Shown[], Failure>> {
  return withUser(config, user, async (accounts, account) => {
    const listed = await accounts.appPasswords(account);
    return listed.ok ? ok(listed.value.map(show)) : listed;
  });
}

/** Takes an app password back. */
export async function removeAppPassword(config: Config, user: string, label: string): Promise<Result<Shown, Failure>> {
  return withUser(config, user, async (accounts, account) => {
    const removed = await accounts.removeAppPassword(account, label);
    return removed.ok ? ok(show(removed.value)) : removed;
  });
}

/** Works on an account that is there, so that a wrong data folder does not look like an empty installation afterwards. */
async function withUser<T>(
  config: Config,
  user: string,
  use: (accounts: Accounts, account: string) => Promise<Result<T, AccountError>>,
): Promise<Result<T, Failure>> {
  const account = await findAccount(config, user);
  if (!account.ok) return account;
  return withAccounts(config, async (accounts) => {
    const done = await use(accounts, account.value.name);
    return done.ok ? done : err(accountFailure(done.error));
  });
}

const show = ({ name, login, created }: AppPassword): Shown => ({
  name,
  login,
  created: new Date(created).toISOString(),
});
