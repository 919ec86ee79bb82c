/** What the system lets processes have: watches on folders, open files. Linux only; elsewhere there is nothing to read. */
import { readdir, readFile } from 'node:fs/promises';
import { mailPlaces } from '@scorpiox/shared/config';
import { type Finding, findingsOf } from '../../findings/finding.ts';
import { FILES_BESIDE_CONNECTIONS } from '../../limits.ts';
import { listAccounts } from '../account-list.ts';
import type { Area, Patient } from '../area.ts';

const finding = findingsOf<'few-watches' | 'few-files'>('limits');

export const limits: Area = {
  name: 'limits',
  look: async (patient) => [...(await watches(patient)), ...(await openFiles(patient))],
};

const WATCHES = '/proc/sys/fs/inotify/max_user_watches';

/** Each worker watches two folders of each mailbox that is open in it: at most all of them. */
async function watches({ config }: Patient): Promise<readonly Finding[]> {
  const most = Number(await readFile(WATCHES, 'utf8').catch(() => ''));
  if (!(most > 0)) return [];
  const need = 2 * config.imap.workers * (await countMailboxes(config));
  if (need <= most) return [];
  const message = `All mailboxes open in all workers take ${need.toLocaleString('en')} watches; the system grants a user ${most.toLocaleString('en')}. Beyond them, changes by other programs are noticed a second later.`;
  return [
    finding(
      'warning',
      'few-watches',
      'fs.inotify.max_user_watches',
      message,
      `sysctl -w fs.inotify.max_user_watches=${2 ** Math.ceil(Math.log2(need))}`,
    ),
  ];
}

/** A mailbox is a folder of the Maildir whose name begins with a dot; INBOX is the Maildir itself. */
async function countMailboxes(config: Patient['config']): Promise<number> {
  let count = 0;
  for (const { name: user } of listAccounts(config)) {
    const entries = await readdir(mailPlaces(config, user).maildir).catch(() => []);
    if (entries.length > 0) count += 1 + entries.filter((name) => name.startsWith('.')).length;
  }
  return count;
}

/** As many as this process may have: whoever starts the platform from here hands the same on. */
async function openFiles({ config }: Patient): Promise<readonly Finding[]> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const most = Number(/^Max open files\s+\d+\s+(\d+)/m.exec(text)?.[1] ?? Number.POSITIVE_INFINITY);
  const need = config.imap.limits.connections + FILES_BESIDE_CONNECTIONS;
  if (need <= most) return [];
  const message = `imap.max_connections is ${config.imap.limits.connections.toLocaleString('en')}, and a process may open ${most.toLocaleString('en')} files: clients beyond that are cut off.`;
  return [
    finding(
      'warning',
      'few-files',
      'RLIMIT_NOFILE',
      message,
      `Set LimitNOFILE=${need} for the service (ulimit -n), or imap.max_connections lower.`,
    ),
  ];
}
