import type { Config } from '@scorpiox/shared/config';
import { connectionString } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { databaseFailure, withControl } from './control.ts';

/** An application that may send now. */
export interface AddedApp {
  readonly name: string;
  /** Its ingest key, a UUID: a secret. */
  readonly key: string;
  /** What its SDK is configured with. */
  readonly connectionString: string;
}

/** Adds an application to the configured database. */
export function addApp(config: Config, name: string): Promise<Result<AddedApp, Failure>> {
  return withControl(config, async (control) => {
    const app = await control.addApp(name);
    if (!app.ok) return err(databaseFailure(app.error));
    const { key } = app.value;
    return ok({ name: app.value.name, key, connectionString: connectionString(key, config.insights.publicUrl) });
  });
}
