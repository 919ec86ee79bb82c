import {
  AppSettingsResponse,
  IssuedKey,
  IssuedToken,
  KeySetting,
  KeySettingsResponse,
  TokenSettingsResponse,
} from '@scorpiox/shared/contract';
import { ok, type Result } from '@scorpiox/shared/result';
import type { ApiClient } from '../api/client.ts';
import type { Failure } from '../failure.ts';
import type { Administration, ShownKey } from './administration.ts';

const APPS = '/api/settings/apps';
const KEYS = '/api/settings/keys';
const TOKENS = '/api/settings/tokens';
const named = (path: string, name: string) => `${path}/${encodeURIComponent(name)}`;

/** Administration through an API; it needs an admin's token. */
export function administrationByApi(api: ApiClient): Administration {
  return {
    addApp: async (name) => map(await api.json(IssuedKey, 'POST', APPS, { name }), (issued) => ({ name, ...issued })),
    apps: async () =>
      map(await api.json(AppSettingsResponse, 'GET', APPS), ({ apps }) =>
        apps.map(({ name, retentionDays, createdAt }) => ({
          name,
          retentionDays: retentionDays === null ? '' : String(retentionDays),
          created: createdAt,
        })),
      ),
    setRetention: async (app, days) => api.done('PATCH', named(APPS, app), { retentionDays: days ?? null }),
    addKey: async (app, rateLimit) => {
      const body = { app: app ?? null, ...(rateLimit === undefined ? {} : { rateLimit }) };
      return map(await api.json(KeySetting, 'POST', KEYS, body), (key) => ({
        ...showKey(key),
        connectionString: key.connectionString,
      }));
    },
    keys: async () => map(await api.json(KeySettingsResponse, 'GET', KEYS), ({ keys }) => keys.map(showKey)),
    revokeKey: (key) => api.done('POST', `${KEYS}/revoke`, { key }),
    limitKey: (key, rateLimit) => api.done('POST', `${KEYS}/limit`, { key, rateLimit: rateLimit ?? null }),
    addToken: async (name, role) =>
      map(await api.json(IssuedToken, 'POST', TOKENS, { name, role }), (issued) => ({
        name: issued.name,
        token: issued.token,
      })),
    tokens: async () =>
      map(await api.json(TokenSettingsResponse, 'GET', TOKENS), ({ tokens }) =>
        tokens.map(({ name, role, createdAt }) => ({ name, role, created: createdAt })),
      ),
    revokeToken: (name) => api.done('DELETE', named(TOKENS, name)),
  };
}

function map<A, B>(result: Result<A, Failure>, change: (value: A) => B): Result<B, Failure> {
  return result.ok ? ok(change(result.value)) : result;
}

const showKey = ({ key, app, rateLimit, createdAt, revokedAt }: KeySetting): ShownKey => ({
  key,
  app: app ?? '',
  rateLimit: rateLimit === null ? '' : String(rateLimit),
  created: createdAt,
  revoked: revokedAt ?? '',
});
