/** Maildirs and their indexes, as far as a look at their folders tells: `mail verify` reads them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { type Finding, findingsOf } from '../../findings/finding.ts';
import { listAccounts } from '../account-list.ts';
import type { Area, Patient } from '../area.ts';
import { isWritable, statIfThere } from '../files.ts';
import { lookOver } from '../sqlite.ts';

const finding = findingsOf<'not-writable' | 'folder-missing' | 'nobodys' | 'damaged' | 'unreadable' | 'not-checked'>(
  'mail',
);

export const mail: Area = {
  name: 'mail',
  async look(patient) {
    const { config } = patient;
    const { mailRoot } = config.imap;
    if ((await statIfThere(mailRoot)) === undefined) return [];
    if (!(await isWritable(mailRoot))) {
      return [
        finding('fault', 'not-writable', mailRoot, `${mailRoot} may not be written by this user.`, mendOwner(mailRoot)),
      ];
    }
    const users = listAccounts(config).map(({ name }) => name);
    const findings: Finding[] = [...(await nobodys(config, users))];
    for (const user of users) findings.push(...(await mailOf(user, patient)));
    return findings;
  },
};

async function mailOf(user: string, patient: Patient): Promise<readonly Finding[]> {
  const { maildir, indexFile } = mailPlaces(patient.config, user);
  if ((await statIfThere(maildir)) === undefined) return []; // made at the first sign-in or delivery
  const mend = `scorpiox mail repair ${user}`;
  const folders = [];
  for (const name of ['cur', 'new', 'tmp']) {
    const folder = join(maildir, name);
    if ((await statIfThere(folder)) === undefined)
      folders.push(finding('warning', 'folder-missing', folder, `There is no ${folder}.`, mend));
    else if (!(await isWritable(folder)))
      folders.push(
        finding('fault', 'not-writable', folder, `${folder} may not be written by this user.`, mendOwner(maildir)),
      );
  }
  return [...folders, ...(await lookOver(indexFile, patient, { finding, mend })).findings];
}

/** Mail of people who have no account: nobody can read it, and nothing more is delivered. */
async function nobodys({ imap: { mailRoot } }: Config, users: readonly string[]): Promise<readonly Finding[]> {
  const known = new Set(users);
  const findings: Finding[] = [];
  for (const entry of await readdir(mailRoot, { withFileTypes: true })) {
    if (known.has(entry.name) || !entry.isDirectory()) continue;
    const maildir = join(mailRoot, entry.name, 'Maildir');
    if ((await statIfThere(maildir)) === undefined) continue;
    const message = `There is mail in ${maildir}, and no account ${entry.name}.`;
    findings.push(finding('note', 'nobodys', maildir, message, `scorpiox user add ${entry.name}`));
  }
  return findings;
}

const mendOwner = (folder: string): string => `chown -R USER ${folder}   # the user that the servers run as`;
