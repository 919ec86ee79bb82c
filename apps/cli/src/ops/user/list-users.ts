import { existsSync } from 'node:fs';
import type { Account } from '@scorpiox/shared/accounts';
import { accountsFile, type Config } from '@scorpiox/shared/config';
import { err, type Result } from '@scorpiox/shared/result';
import { askAccounts } from '../accounts.ts';
import type { Failure } from '../failure.ts';

/** An account as it is shown; without a role it is for mail only. */
export type ShownUser = {
  readonly name: string;
  readonly role: string;
  readonly status: 'active' | 'disabled' | 'no-password';
};

/** All accounts by name. Where there never was one nothing is made. */
export async function listUsers(config: Config): Promise<Result<readonly ShownUser[], Failure>> {
  if (!existsSync(accountsFile(config))) {
    const message = `There are no accounts in ${config.dataDir}. Add one with \`scorpiox user add\`, or name the right folder with --data-dir.`;
    return err({ kind: 'error', message });
  }
  return askAccounts(config, (accounts) => accounts.list().map(show));
}

const show = ({ name, role, disabled, passwordless }: Account): ShownUser => ({
  name,
  role: role ?? '',
  status: disabled === true ? 'disabled' : passwordless === true ? 'no-password' : 'active',
});
