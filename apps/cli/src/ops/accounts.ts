import { existsSync } from 'node:fs';
import {
  type Account,
  type AccountError,
  type Accounts,
  AccountsUnavailable,
  foldName,
  openAccounts,
  peekAccounts,
} from '@scorpiox/shared/accounts';
import { accountsFile, type Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, kindOfSystemError, systemErrorCode } from './failure.ts';

/** What those ask who change nothing. */
type AccountsToRead = Pick<Accounts, 'find' | 'list'>;

/**
 * Asks the accounts something. On a disk that cannot be written, a snapshot, they are asked as they lie there; `error` where
 * they are of another version, which there cannot be brought up to date.
 */
export async function askAccounts<T>(
  config: Config,
  ask: (accounts: AccountsToRead) => T,
): Promise<Result<T, Failure>> {
  let accounts: Accounts | undefined;
  try {
    accounts = openAccounts(accountsFile(config));
    return ok(ask(accounts));
  } catch (error) {
    if (!(error instanceof AccountsUnavailable)) throw error;
    if (systemErrorCode(error.cause) !== 'EROFS') return err(unavailable(error));
    const there = await readAsTheyLie(accountsFile(config));
    return there.ok ? ok(ask(there.value)) : there;
  } finally {
    accounts?.close();
  }
}

async function readAsTheyLie(file: string): Promise<Result<AccountsToRead, Failure>> {
  const { placeToRead } = await import('@scorpiox/maildir');
  let all: readonly Account[] | undefined;
  try {
    all = peekAccounts(placeToRead(file));
  } catch (error) {
    if (systemErrorCode(error) === undefined || !(error instanceof Error)) throw error;
    return err({ kind: 'error', message: `The accounts in ${file} cannot be read: ${error.message}.` });
  }
  if (all === undefined) {
    const message = `The accounts in ${file} are of another version, and cannot be brought up to date on a disk that cannot be written.`;
    return err({ kind: 'error', message });
  }
  const byName = new Map(all.map((account) => [account.name, account]));
  return ok({ list: () => [...byName.values()], find: (name) => byName.get(foldName(name) ?? '') });
}

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
    ? await askAccounts(config, (accounts) => accounts.find(name))
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
