import { ACCOUNTS_VERSION } from '@scorpiox/shared/accounts';
import { accountsFile } from '@scorpiox/shared/config';
import { type Finding, findingsOf } from '../../findings/finding.ts';
import { listAccounts } from '../account-list.ts';
import type { Area } from '../area.ts';
import { statIfThere } from '../files.ts';
import { lookOver } from '../sqlite.ts';

const finding = findingsOf<
  'no-accounts' | 'no-admin' | 'damaged' | 'unreadable' | 'not-checked' | 'schema-old' | 'schema-too-new'
>('accounts');

export const accounts: Area = {
  name: 'accounts',
  async look(patient) {
    const file = accountsFile(patient.config);
    const none = finding('note', 'no-accounts', file, 'There are no accounts yet.', 'scorpiox user add NAME');
    if ((await statIfThere(file)) === undefined) return [none];
    const mend = `Stop the platform and put a copy of ${file} from a backup in its place.`;
    const { findings, version } = await lookOver(file, patient, { finding, mend });
    if (version === undefined || findings.length > 0) return findings;
    if (version !== ACCOUNTS_VERSION) return [otherVersion(file, version)];
    const list = listAccounts(patient.config);
    if (list.length === 0) return [none];
    if (list.some(({ role, disabled }) => role === 'admin' && disabled !== true)) return [];
    const message =
      'No account may sign in to the dashboard as an admin; alerts go to nobody by mail unless alerts.mail_to is set.';
    return [finding('note', 'no-admin', file, message, 'scorpiox user add NAME --role admin')];
  },
};

function otherVersion(file: string, version: number): Finding {
  if (version > ACCOUNTS_VERSION) {
    const message = `A newer Scorpiox wrote ${file} (version ${version}; this one knows ${ACCOUNTS_VERSION}).`;
    return finding('fault', 'schema-too-new', file, message, 'Run that one, or a later one.');
  }
  const message = `${file} was left by an older program; the next start brings it to this version.`;
  return finding('note', 'schema-old', file, message, 'scorpiox up');
}
