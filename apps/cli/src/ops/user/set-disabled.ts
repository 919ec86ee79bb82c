import type { Account } from '@scorpiox/shared/accounts';
import type { Config } from '@scorpiox/shared/config';
import { err, type Result } from '@scorpiox/shared/result';
import { accountFailure, findAccount, withAccounts } from '../accounts.ts';
import type { Failure } from '../failure.ts';
import { endSessions } from './end-sessions.ts';

/**
 * Lets nobody sign in as the account any more. Its mail sessions are ended by the IMAP server, which looks every second;
 * its sessions in the dashboard are refused from now on, and ended here so that they do not come back when it is enabled.
 */
export async function disableUser(config: Config, name: string): Promise<Result<Account, Failure>> {
  const disabled = await setDisabled(config, name, true);
  if (!disabled.ok) return disabled;
  const ended = await endSessions(config, disabled.value.name);
  if (ended.ok) return disabled;
  const trouble = `${disabled.value.name} is disabled, but the sessions in the dashboard could not be ended: ${ended.error.message} They are refused as long as the account is disabled; run this again before you enable it.`;
  return err({ kind: 'partly-done', message: trouble });
}

/** Lets the account sign in again, with the passwords that it had. */
export const enableUser = (config: Config, name: string): Promise<Result<Account, Failure>> =>
  setDisabled(config, name, false);

async function setDisabled(config: Config, name: string, disabled: boolean): Promise<Result<Account, Failure>> {
  const found = await findAccount(config, name);
  if (!found.ok) return found;
  return withAccounts(config, async (accounts) => {
    const changed = await accounts.setDisabled(found.value.name, disabled);
    return changed.ok ? changed : err(accountFailure(changed.error));
  });
}
