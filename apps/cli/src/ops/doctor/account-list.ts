import { existsSync } from 'node:fs';
import { type Account, peekAccounts } from '@scorpiox/shared/accounts';
import { accountsFile, type Config } from '@scorpiox/shared/config';

/** The accounts; none where their file is not there, damaged, or of another version, which is told of the accounts. */
export function listAccounts(config: Config): readonly Account[] {
  const file = accountsFile(config);
  if (!existsSync(file)) return [];
  try {
    return peekAccounts(file) ?? [];
  } catch {
    return [];
  }
}
