import { existsSync } from 'node:fs';
import type { Config } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { withControl } from '../insights/control.ts';

/** Ends a user's sessions in the dashboard. Where there is no database yet, there is no session in it, and none is made. */
export async function endSessions(config: Config, user: string): Promise<Result<void, Failure>> {
  const { database } = config.insights;
  if (database.kind === 'sqlite' && !existsSync(database.file)) return ok(undefined);
  return withControl(config, async (control) => ok(await control.endSessionsOf(user)));
}
