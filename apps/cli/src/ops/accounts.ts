import { existsSync } from 'node:fs';
import {
  type Account,
  type AccountError,
  type Accounts,
  AccountsUnavailable,
  openAccounts,
} from '@scorpiox/shared/accounts';
import { accountsFile, type Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, kindOfSystemError, systemErrorCode } from './failure.ts';

/** Runs `use` with the accounts open; trouble with their file becomes `try-again`, or `not-permitted`. */
export async function withAccounts<T>(
  config: Config,
  use: (accounts: Accounts) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  let accounts: Accounts | undefined;
  try {
    accounts = openAccounts(accountsFile(config));
    return await use(accounts);
  } catch (error) {
    if (error instanceof AccountsUnavailable) return err(unavailable(error));
    throw error;
  } finally {
    accounts?.close();
  }
}

function unavailable({ cause, message }: AccountsUnavailable): Failure {
  const isClosed = kindOfSystemError(systemErrorCode(cause)) === 'not-permitted';
  return { kind: isClosed ? 'not-permitted' : 'try-again', message };
}

/** The account, or `no-such-user` with a sentence that says where was looked. */
export async function findAccount(config: Config, name: string): Promise<Result<Account, Failure>> {
  // Opening would make the file: a wrong data folder must not look like an empty installation afterwards.
  const account = existsSync(accountsFile(config))
    ? await withAccounts(config, async (accounts) => ok(accounts.find(name)))
    : ok(undefined);
  if (!account.ok) return account;
  if (account.value !== undefined) return ok(account.value);
  return err({
    kind: 'no-such-user',
    message: `There is no user ${JSON.stringify(name)} in ${config.dataDir}. Add one with \`scorpiox user add\`, or name the right folder with --data-dir.`,
  });
}

/** What an error of the accounts means for whoever ran the command. */
export function accountFailure(error: AccountError): Failure {
  switch (error.code) {
    case 'invalid-name':
    case 'invalid-password':
      return { kind: 'usage', message: error.message };
    case 'exists':
    case 'too-many':
    case 'no-app-password':
      return { kind: 'error', message: error.message };
    case 'not-found':
      return { kind: 'no-such-user', message: error.message };
    case 'busy':
    case 'unavailable':
      return { kind: 'try-again', message: error.message };
  }
}
