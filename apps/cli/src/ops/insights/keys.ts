import type { Config } from '@scorpiox/shared/config';
import { type Control, connectionString, type DatabaseError, type KeyRecord } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { databaseFailure, withControl } from './control.ts';

/** An ingest key as it is shown. `app` is empty for a shared key, `rateLimit` where the API's default holds. */
interface ShownKey extends Record<string, string> {
  readonly key: string;
  readonly app: string;
  /** Events a second. */
  readonly rateLimit: string;
  /** ISO 8601. */
  readonly created: string;
  /** ISO 8601; empty while the key is in force. */
  readonly revoked: string;
}

/** Makes one more key for an application, or a shared one without. */
export function addKey(
  config: Config,
  app: string | undefined,
  rateLimit: number | undefined,
): Promise<Result<ShownKey & { readonly connectionString: string }, Failure>> {
  return withDatabase(config, async (control) => {
    const request = { ...(app === undefined ? {} : { app }), ...(rateLimit === undefined ? {} : { rateLimit }) };
    const added = await control.addKey(request);
    if (!added.ok) return added;
    return ok({
      ...show(added.value),
      connectionString: connectionString(added.value.key, config.insights.publicUrl),
    });
  });
}

/** All keys, revoked ones too. */
export function listKeys(config: Config): Promise<Result<readonly ShownKey[], Failure>> {
  return withDatabase(config, async (control) => ok((await control.keys()).map(show)));
}

/** Puts a key out of force. */
export function revokeKey(config: Config, key: string): Promise<Result<void, Failure>> {
  return withDatabase(config, (control) => control.revokeKey(key));
}

/** Sets what a key may send, events a second; undefined: the API's default. */
export function limitKey(config: Config, key: string, rate: number | undefined): Promise<Result<void, Failure>> {
  return withDatabase(config, (control) => control.setRateLimit(key, rate));
}

/** Sets for how many days an application's events are kept; undefined: the API's default. */
export function setRetention(config: Config, app: string, days: number | undefined): Promise<Result<void, Failure>> {
  return withDatabase(config, (control) => control.setRetention(app, days));
}

function withDatabase<T>(
  config: Config,
  use: (control: Control) => Promise<Result<T, DatabaseError>>,
): Promise<Result<T, Failure>> {
  return withControl(config, async (control) => {
    const done = await use(control);
    return done.ok ? done : err(databaseFailure(done.error));
  });
}

const show = ({ key, app = '', rateLimit, createdAt, revokedAt }: KeyRecord): ShownKey => ({
  key,
  app,
  rateLimit: rateLimit === undefined ? '' : String(rateLimit),
  created: new Date(createdAt).toISOString(),
  revoked: revokedAt === undefined ? '' : new Date(revokedAt).toISOString(),
});
