import type { Account } from '@scorpiox/shared/accounts';
import type { Config } from '@scorpiox/shared/config';
import { err, type Result } from '@scorpiox/shared/result';
import { accountFailure, withAccounts } from '../accounts.ts';
import type { Failure } from '../failure.ts';

/** Changes an account's password. */
export async function setPassword(config: Config, name: string, password: string): Promise<Result<Account, Failure>> {
  return withAccounts(config, async (accounts) => {
    const changed = await accounts.setPassword(name, password);
    return changed.ok ? changed : err(accountFailure(changed.error));
  });
}
