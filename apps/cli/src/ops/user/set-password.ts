import type { Account } from '@scorpiox/shared/accounts';
import type { Config } from '@scorpiox/shared/config';
import { err, type Result } from '@scorpiox/shared/result';
import { accountFailure, withAccounts } from '../accounts.ts';
import type { Failure } from '../failure.ts';
import { endSessions } from './end-sessions.ts';

/**
 * Changes an account's password and ends its sessions in the dashboard: whoever knew the old one may be in them. `partly-done`
 * where the database with the sessions is away.
 */
export async function setPassword(config: Config, name: string, password: string): Promise<Result<Account, Failure>> {
  const changed = await withAccounts(config, async (accounts) => {
    const result = await accounts.setPassword(name, password);
    return result.ok ? result : err(accountFailure(result.error));
  });
  if (!changed.ok) return changed;
  const ended = await endSessions(config, changed.value.name);
  if (ended.ok) return changed;
  const trouble = `The password of ${changed.value.name} is changed, but its sessions in the dashboard could not be ended: ${ended.error.message} Run this again, with the same password, to end them.`;
  return err({ kind: 'partly-done', message: trouble });
}
