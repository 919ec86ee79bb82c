import { existsSync } from 'node:fs';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import { askAccounts, findAccount } from '../accounts.ts';
import { type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';

/** The accounts that are named, or all; `no-such-user` for a name that is none. */
export async function usersOf(config: Config, names: readonly string[]): Promise<Result<readonly string[], Failure>> {
  if (names.length === 0) return askAccounts(config, (accounts) => accounts.list().map(({ name }) => name));
  const found = new Set<string>();
  for (const name of names) {
    const account = await findAccount(config, name);
    if (!account.ok) return account;
    found.add(account.value.name);
  }
  return ok([...found]);
}

/** Whether anything was ever delivered to, or made for, the account. */
export const hasMail = (config: Config, user: string): boolean => existsSync(mailPlaces(config, user).maildir);

/** What it means where somebody's mail cannot be read. Throws what is none of the system's errors. */
export function unreadableMail(config: Config, user: string, error: unknown): Failure {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  const { maildir } = mailPlaces(config, user);
  if (code === 'ENOENT') return { kind: 'error', message: `There is no Maildir ${maildir}: ${user} has no mail yet.` };
  const reason = code === 'ERR_SQLITE_ERROR' && error instanceof Error ? error.message : code;
  return { kind: kindOfSystemError(code), message: `The mail of ${user} in ${maildir} cannot be read: ${reason}.` };
}
