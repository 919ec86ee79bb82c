import type { Config } from '@scorpiox/shared/config';
import { type Control, connectionString, type DatabaseError, type KeyRecord } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Administration, ShownKey } from './administration.ts';
import { databaseFailure, withControl } from './control.ts';

/** Administration straight in the configured database. It is opened for each act. */
export function administrationByDatabase(config: Config): Administration {
  const act = <T>(use: (control: Control) => Promise<Result<T, DatabaseError>>): Promise<Result<T, Failure>> =>
    withControl(config, async (control) => {
      const done = await use(control);
      return done.ok ? done : err(databaseFailure(done.error));
    });
  const connectionOf = (key: string) => connectionString(key, config.insights.publicUrl);
  return {
    addApp: (name) =>
      act(async (control) => {
        const app = await control.addApp(name);
        if (!app.ok) return app;
        return ok({ name: app.value.name, key: app.value.key, connectionString: connectionOf(app.value.key) });
      }),
    apps: () => act(async (control) => ok((await control.apps()).map(showApp))),
    setRetention: (app, days) => act((control) => control.setRetention(app, days)),
    addKey: (app, rateLimit) =>
      act(async (control) => {
        const request = { ...(app === undefined ? {} : { app }), ...(rateLimit === undefined ? {} : { rateLimit }) };
        const added = await control.addKey(request);
        return added.ok ? ok({ ...showKey(added.value), connectionString: connectionOf(added.value.key) }) : added;
      }),
    keys: () => act(async (control) => ok((await control.keys()).map(showKey))),
    revokeKey: (key) => act((control) => control.revokeKey(key)),
    limitKey: (key, rateLimit) => act((control) => control.setRateLimit(key, rateLimit)),
    addToken: (name, role) =>
      act(async (control) => {
        const added = await control.addToken(name, role);
        return added.ok ? ok({ name: added.value.name, token: added.value.token }) : added;
      }),
    tokens: () =>
      act(async (control) =>
        ok((await control.tokens()).map(({ name, role, createdAt }) => ({ name, role, created: moment(createdAt) }))),
      ),
    revokeToken: (name) => act((control) => control.revokeToken(name)),
  };
}

const moment = (ms: number): string => new Date(ms).toISOString();

const showApp = (app: { readonly name: string; readonly retentionDays?: number; readonly createdAt: number }) => ({
  name: app.name,
  retentionDays: app.retentionDays === undefined ? '' : String(app.retentionDays),
  created: moment(app.createdAt),
});

const showKey = ({ key, app = '', rateLimit, createdAt, revokedAt }: KeyRecord): ShownKey => ({
  key,
  app,
  rateLimit: rateLimit === undefined ? '' : String(rateLimit),
  created: moment(createdAt),
  revoked: revokedAt === undefined ? '' : moment(revokedAt),
});
