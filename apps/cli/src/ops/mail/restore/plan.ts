import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BackupFailure, findMissing, hasMessages, type Section, type Survey, surveyBackup } from '@scorpiox/maildir';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { backupFailure } from '../backup/failure.ts';
import { usersIn } from '../backup/users-in.ts';
import { usersOf } from '../users.ts';
import { bringMailBack, finishRestore, stageMail } from './actions.ts';
import { restorePlaces } from './places.ts';

export interface RestoreRequest {
  /** Accounts; none: all that have backups there. */
  readonly users: readonly string[];
  /** The folder that keeps backups. Absolute. */
  readonly from: string;
  /** Which backup; the newest of each user when absent. */
  readonly at?: string;
  /** Whether messages that are damaged in the backup are left out; else they end the restore. */
  readonly isPartial: boolean;
}

/** Where a user's mail comes from. */
interface Source {
  readonly root: string;
  readonly survey: Survey;
  readonly isPartial: boolean;
}

/**
 * The plan that brings mail back. A user without any message gets the whole backup, with its UIDs; one who has some gets what
 * is missing, under new UIDs, and nothing of what is there is touched.
 */
export async function planRestore(config: Config, request: RestoreRequest): Promise<Result<Plan, Failure>> {
  const names = await usersIn(request.from, request.users);
  if (!names.ok) return names;
  const users = await usersOf(config, names.value);
  if (!users.ok) return users;
  const owner = ownerOf(config.imap.mailRoot);
  if (owner !== undefined && owner !== process.getuid?.()) return err(notOwner(config.imap.mailRoot, owner));
  const planner = new Planner(ACTIONS);
  for (const user of users.value) {
    try {
      await planUser(config, user, request, planner);
    } catch (error) {
      if (error instanceof BackupFailure) return err({ kind: 'error', message: error.message });
      return err(backupFailure(config, user, error));
    }
  }
  // Nothing of it can be taken back.
  const confirm = request.users.length === 0 ? 'all' : users.value.join(',');
  return ok({ title: 'mail restore', confirm, steps: planner.steps });
}

async function planUser(config: Config, user: string, request: RestoreRequest, planner: Planner): Promise<void> {
  const root = join(request.from, user);
  const { isPartial } = request;
  const survey = await surveyBackup(root, request.at);
  const places = mailPlaces(config, user);
  if (!(await hasMessages(places))) return planWhole(config, user, { root, survey, isPartial }, planner);
  const source = { root, backup: survey.backup, isPartial };
  for (const { section, messages, bytes, isGone } of await findMissing(places, survey)) {
    if (messages === 0 && !isGone) continue;
    const what = amount(messages, bytes);
    const does = isGone
      ? `Make ${section.name} of ${user} again, with ${what} under new UIDs.`
      : `Bring ${what} back into ${section.name} of ${user}, under new UIDs.`;
    await planner.add(does, bringMailBack.of({ ...source, user, ...places, section: dataOf(section) }));
  }
}

/** Mail comes back as a whole: it is built beside, mailbox by mailbox, and takes its place at the end. */
async function planWhole(
  config: Config,
  user: string,
  { root, survey: { backup, sections, index }, isPartial }: Source,
  planner: Planner,
): Promise<void> {
  const name = backup.slice(dirname(backup).length + 1);
  const { home, staging } = restorePlaces(config, user, name);
  for (const section of sections) {
    const action = stageMail.of({ root, backup, isPartial, staging, section: dataOf(section) });
    // What an interrupted restore of the same backup has copied is there.
    if (Object.values(await planner.look(action)).includes('copied')) continue;
    await planner.add(`Copy ${section.name} of ${user}: ${amount(section.messages, section.bytes)}.`, action);
  }
  const uids = index === null ? 'under new UIDs: the backup has no index' : 'with its UIDs';
  const place = existsSync(home) ? ` ${home}, which has no messages, is kept aside.` : '';
  await planner.add(
    `Put the mail of ${user} of ${name} into its place, ${uids}.${place}`,
    finishRestore.of({ root, backup, user, home, staging }),
  );
}

const dataOf = ({ name, folder, subscribed, specialUse, messages, bytes, stretch }: Section) => ({
  ...{ name, folder, subscribed, specialUse: [...specialUse], messages, bytes, stretch },
});

const amount = (messages: number, bytes: number): string =>
  `${messages.toLocaleString('en')} message${messages === 1 ? '' : 's'} (${bytes.toLocaleString('en')} bytes)`;

/** Who owns the mail; undefined where there is none yet. */
const ownerOf = (mailRoot: string): number | undefined => statSync(mailRoot, { throwIfNoEntry: false })?.uid;

const notOwner = (mailRoot: string, owner: number): Failure => ({
  kind: 'not-permitted',
  message: `${mailRoot} belongs to user ${owner}, who could not read what somebody else brings back: run it as that user.`,
});
