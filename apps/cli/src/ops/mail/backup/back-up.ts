import { join } from 'node:path';
import { backUpMail } from '@scorpiox/maildir';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { hasMail, usersOf } from '../users.ts';
import { backupFailure } from './failure.ts';

export interface BackUpRequest {
  /** Accounts; none: all that have mail. */
  readonly users: readonly string[];
  /** The folder that keeps backups, in which each user has one. Absolute. */
  readonly to: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Takes what the operator should know of a user before the end. */
  readonly print: (line: string) => void;
}

/** A finished backup of a user. A type rather than an interface: only those are records of printable values. */
type MadeBackup = {
  readonly user: string;
  readonly backup: string;
  readonly mailboxes: number;
  readonly messages: number;
  readonly bytes: number;
  /** What was not kept already. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** Messages that went while the backup ran. */
  readonly gone: number;
  readonly unreadable: number;
  /** Whether UIDs are in it. */
  readonly uids: boolean;
};

/** What was made, and why the rest was not. */
export interface BackUpOutcome {
  readonly made: readonly MadeBackup[];
  readonly failures: readonly Failure[];
}

/** Makes a backup of each account's mail, one after the other. One that fails does not keep the others from theirs. */
export async function backUp(config: Config, request: BackUpRequest): Promise<Result<BackUpOutcome, Failure>> {
  const users = await usersOf(config, request.users);
  if (!users.ok) return users;
  const made: MadeBackup[] = [];
  const failures: Failure[] = [];
  let before = 0;
  for (const user of users.value) {
    if (request.users.length === 0 && !hasMail(config, user)) continue;
    const onProgress = (done: number, total: number): void => request.onProgress(before + done, before + total);
    const one = await backUpUser(config, user, { ...request, onProgress });
    if (one.ok) {
      made.push(one.value);
      before += one.value.messages;
      continue;
    }
    failures.push(one.error);
    // Whoever says stop means all of them, and a full disk is full for the next one too.
    if (one.error.kind === 'interrupted' || one.error.kind === 'try-again') break;
  }
  return ok({ made, failures });
}

async function backUpUser(
  config: Config,
  user: string,
  { to, signal, onProgress, print }: BackUpRequest,
): Promise<Result<MadeBackup, Failure>> {
  try {
    const report = await backUpMail({ ...mailPlaces(config, user), user, root: join(to, user), signal, onProgress });
    const { name: backup, hasIndex, firstUnreadable, ...counts } = report;
    if (firstUnreadable !== undefined) {
      const rest = counts.unreadable > 1 ? ` and ${counts.unreadable - 1} more` : '';
      print(`${user}: ${firstUnreadable}${rest} could not be read; \`scorpiox mail verify ${user}\` says more.`);
    }
    if (!hasIndex) print(`${user}: there is no index that can be read, so the backup has no UIDs.`);
    return ok({ user, backup, ...counts, uids: hasIndex });
  } catch (error) {
    return err(backupFailure(config, user, error, signal));
  }
}
