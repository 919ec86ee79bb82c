import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accountsFile, type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { findAccount, withAccounts } from '../accounts.ts';
import type { Failure } from '../failure.ts';
import type { Actions } from '../plan/action.ts';
import { removeAccount, removeAccounts } from '../plan/actions/account.ts';
import { ACTIONS } from '../plan/actions/actions.ts';
import { moveMail, removeMail, SOMEBODY } from '../plan/actions/mail/home.ts';
import { pathText } from '../plan/actions/path.ts';
import type { Action, Plan } from '../plan/plan.ts';
import { Planner } from '../plan/planner.ts';
import { endSessions } from './end-sessions.ts';

/**
 * The plan that takes an account out: first the account, so that nobody signs in and nothing is delivered any more, then its
 * mail, which is set aside with what is kept of the account, or removed for good.
 */
export async function planRemoval(
  config: Config,
  name: string,
  { isMailRemoved }: { readonly isMailRemoved: boolean },
): Promise<Result<Plan, Failure>> {
  const found = await findAccount(config, name);
  if (!found.ok) return found;
  const user = found.value.name;
  const record = await withAccounts(config, async (accounts) => ok(accounts.record(user)));
  if (!record.ok) return record;
  if (record.value === undefined) return err({ kind: 'no-such-user', message: `There is no user ${user} any more.` });
  const planner = new Planner(ACTIONS);
  const aside = freeFolder(join(config.imap.mailRoot, ASIDE, user));
  const kept = isMailRemoved ? {} : { kept: pathText(Buffer.from(join(aside, 'account.json'))) };
  const data = { file: accountsFile(config), name: user, version: record.value.version };
  await planner.add(`Take the account ${user} out, with its app passwords.`, removeAccount.of({ ...data, ...kept }));
  const mail = await planMail(planner, { config, user, aside, isMailRemoved });
  if (!mail.ok) return mail;
  return ok({ title: `user rm ${user}`, confirm: user, steps: planner.steps });
}

/** In the folder of all mail, and no account's: names do not begin with a dot. */
const ASIDE = '.removed';

/** One that was used by an earlier account of the name is left as it is. */
function freeFolder(wanted: string): string {
  for (let number = 0; ; number += 1) {
    const folder = number === 0 ? wanted : `${wanted}.${number}`;
    if (!existsSync(folder)) return folder;
  }
}

interface Removal {
  readonly config: Config;
  readonly user: string;
  readonly aside: string;
  readonly isMailRemoved: boolean;
}

/** Adds the step for the mail, if there is any. */
async function planMail(planner: Planner, removal: Removal): Promise<Result<void, Failure>> {
  const { config, user, aside, isMailRemoved } = removal;
  const folder = dirname(mailPlaces(config, user).maildir);
  if (!existsSync(folder)) return ok(undefined);
  const home = pathText(Buffer.from(folder));
  const to = pathText(Buffer.from(join(aside, 'mail')));
  const action: Action = isMailRemoved
    ? removeMail.of({ user, home })
    : moveMail.of({ user, from: home, to, folders: 'make' });
  if (Object.values(await planner.look(action)).includes(SOMEBODY)) return err(isOpen(user));
  const does = isMailRemoved
    ? `Remove all mail of ${user} for good: ${home}.`
    : `Set the mail of ${user} aside: move ${home} to ${to}.`;
  await planner.add(does, action);
  return ok(undefined);
}

function isOpen(user: string): Failure {
  const message = `Some program has the mail of ${user} open, the IMAP server most likely. \`scorpiox user disable ${user}\` ends its sessions within seconds; then try again.`;
  return { kind: 'refused', message };
}

/** The deeds of such a plan: who is signed in to the dashboard is signed out as well, or the account stays. */
export const removalActions = (config: Config): Actions =>
  ACTIONS.with(removeAccounts((name) => endSessions(config, name)));
