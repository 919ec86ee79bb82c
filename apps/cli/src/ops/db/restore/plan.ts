import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { inspectFile } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { restoreDatabase } from './actions.ts';
import { fileState } from './file-state.ts';

export interface RestoreRequest {
  /** The database that the API opens. Absolute, as is the backup. */
  readonly file: string;
  readonly backup: string;
}

/** The plan that puts a backup in the place of the embedded database. */
export async function planRestoreDatabase({ file, backup }: RestoreRequest): Promise<Result<Plan, Failure>> {
  const state = await fileState(backup, 'content');
  if (state === ABSENT) return err({ kind: 'error', message: `There is no ${backup}.` });
  if (state.startsWith(`${await fileState(file)},`))
    return err({ kind: 'usage', message: `${backup} is the database itself.` });
  const version = versionOf(backup);
  if (version === undefined) return err({ kind: 'refused', message: `${backup} is no insights database.` });
  const planner = new Planner(ACTIONS);
  const aside = await freeName(`${file}.before-restore-${await stampOf(file)}`);
  const incoming = await freeName(`${file}.restored-${await stampOf(backup)}`);
  const kept = existsSync(file) ? `; what lies there goes to ${aside}` : '';
  await planner.add(
    `Check ${backup} (version ${version}) and put a copy of it to ${file}${kept}.`,
    restoreDatabase.of({ file, aside, incoming, backup, state }),
  );
  return ok({ title: 'db restore', steps: planner.steps });
}

function versionOf(backup: string): number | undefined {
  try {
    const { version } = inspectFile(backup, { check: false });
    return version > 0 ? version : undefined;
  } catch {
    return undefined; // whatever it is, it is no database that can be read
  }
}

/** When a file was last written, as it can stand in a name: the same for the same file, so that a plan stays the same. */
async function stampOf(path: string): Promise<string> {
  if (!existsSync(path)) return 'nothing';
  return (await stat(path)).mtime.toISOString().replaceAll(':', '-');
}

/** The first of `name`, `name-2`, … where nothing lies. */
async function freeName(name: string): Promise<string> {
  for (let number = 2, free = name; ; number += 1) {
    if ((await fileState(free)) === ABSENT) return free;
    free = `${name}-${number}`;
  }
}
