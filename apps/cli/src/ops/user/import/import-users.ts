/** Brings accounts over from a passwd-file: a step for each that is not there yet. */
import { readFile, stat } from 'node:fs/promises';
import { accountsFile, type Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { accountFailure } from '../../accounts.ts';
import { type Failure, kindOfSystemError, systemErrorCode } from '../../failure.ts';
import { PASSWD_FILE_MAX } from '../../limits.ts';
import type { Actions } from '../../plan/action.ts';
import { within } from '../../plan/actions/account.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import { type Adoption, adoptAccount } from '../../plan/actions/adopt-account.ts';
import { pathText } from '../../plan/actions/path.ts';
import { ABSENT, stateOf } from '../../plan/actions/place.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { type PasswdEntry, type PasswdTrouble, parsePasswdFile } from './passwd-file.ts';

export interface PlannedUsers {
  readonly plan: Plan;
  /** Names of accounts that were there already; they are left as they are. */
  readonly there: readonly string[];
  readonly troubles: readonly PasswdTrouble[];
  /** The deeds of the plan, and the names of those that came without a password, as they come. */
  begin(): { readonly actions: Actions; readonly added: string[]; readonly passwordless: string[] };
}

/** @param usual the scheme of passwords that name none. */
export async function planUsers(config: Config, path: string, usual: string): Promise<Result<PlannedUsers, Failure>> {
  const source = pathText(Buffer.from(path));
  const text = await readText(path);
  if (!text.ok) return text;
  const { entries, troubles } = parsePasswdFile(text.value, usual);
  const planner = new Planner(ACTIONS);
  const state = await stateOf(source);
  const there: string[] = [];
  for (const { name, disabled, password, without } of entries) {
    const action = adoptAccount().of({ file: accountsFile(config), name, source, state, disabled });
    const before = await planner.look(action);
    if (Object.values(before).some((one) => one !== ABSENT)) there.push(name);
    else
      await planner.add(sentence({ name, disabled, password, ...(without === undefined ? {} : { without }) }), action);
  }
  const plan = { title: 'user import', steps: planner.steps };
  return ok({ plan, there, troubles, begin: () => begin(new Map(entries.map((entry) => [entry.name, entry]))) });
}

function sentence({ name, disabled, without }: PasswdEntry): string {
  const how = disabled ? ', disabled' : '';
  return without === undefined
    ? `Add the account ${name} with its password${how}.`
    : `Add the account ${name} without a password${how}: ${without}.`;
}

function begin(entries: ReadonlyMap<string, PasswdEntry>): ReturnType<PlannedUsers['begin']> {
  const added: string[] = [];
  const passwordless: string[] = [];
  const perform = async ({ file, name }: Adoption): Promise<Result<void, Failure>> => {
    const entry = entries.get(name);
    if (entry === undefined) return err({ kind: 'stale', message: `The account ${name} is no longer in the file.` });
    const adopted = await within(file, (accounts) => accounts.adopt(entry));
    if (!adopted.ok) return err(accountFailure(adopted.error));
    added.push(name);
    if (entry.password.kind === 'none') passwordless.push(name);
    return ok(undefined);
  };
  return { actions: ACTIONS.with(adoptAccount(perform)), added, passwordless };
}

async function readText(path: string): Promise<Result<string, Failure>> {
  try {
    const { size } = await stat(path);
    if (size > PASSWD_FILE_MAX) return usage(`${path} is too large for a passwd-file: ${size} bytes.`);
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)));
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof TypeError) return usage(`${path} is not UTF-8 text.`);
    if (code === undefined) throw error;
    const kind = code === 'ENOENT' || code === 'EISDIR' ? 'usage' : kindOfSystemError(code);
    return err({ kind, message: code === 'ENOENT' ? `There is no ${path}.` : `${path} cannot be read: ${code}.` });
  }
}

const usage = (message: string): Result<never, Failure> => err({ kind: 'usage', message });
