import type {
  AppSetting,
  AppSettingsResponse,
  IssuedKey,
  IssuedToken,
  KeySetting,
  KeySettingsResponse,
  Role,
  TokenSettingsResponse,
  UserSetting,
  UserSettingsResponse,
} from '@scorpiox/shared/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { flag, list, moment, nullable, number, oneOf, record, text } from '../decode.ts';
import { command, request } from '../http.ts';

const role = oneOf(['viewer', 'admin']);

const decodeApps = record<AppSettingsResponse>({
  apps: list(
    record<AppSetting>({ name: text, createdAt: moment, retentionDays: nullable(number), apdexMs: nullable(number) }),
  ),
  defaultRetentionDays: number,
  defaultApdexMs: number,
  publicUrl: text,
  tlsPort: nullable(number),
});
const decodeIssuedKey = record<IssuedKey>({ key: text, connectionString: text });
const decodeKey = record<KeySetting>({
  key: text,
  connectionString: text,
  app: nullable(text),
  rateLimit: nullable(number),
  createdAt: moment,
  revokedAt: nullable(moment),
});
const decodeKeys = record<KeySettingsResponse>({ keys: list(decodeKey), defaultRateLimit: number });
const decodeTokens = record<TokenSettingsResponse>({
  tokens: list(record<TokenSettingsResponse['tokens'][number]>({ name: text, role, createdAt: moment })),
});
const decodeIssuedToken = record<IssuedToken>({ name: text, token: text });
const decodeUser = record<UserSetting>({ name: text, role: nullable(role), disabled: flag });
const decodeUsers = record<UserSettingsResponse>({ users: list(decodeUser) });

const BASE = '/api/settings';
const named = (path: string, name: string): string => `${BASE}/${path}/${encodeURIComponent(name)}`;

/** `GET /api/settings/apps`: for everybody. */
const appSettingsQuery = () =>
  queryOptions({
    queryKey: ['settings', 'apps'],
    queryFn: ({ signal }) => request(`${BASE}/apps`, decodeApps, { signal }),
  });
export const useAppSettings = () => useQuery(appSettingsQuery());

/** `GET /api/settings/keys`: for admins, as the next ones; not asked for unless `enabled`. */
export const useKeySettings = (enabled = true) =>
  useQuery({
    enabled,
    queryKey: ['settings', 'keys'],
    queryFn: ({ signal }) => request(`${BASE}/keys`, decodeKeys, { signal }),
  });
export const useTokenSettings = () =>
  useQuery({
    queryKey: ['settings', 'tokens'],
    queryFn: ({ signal }) => request(`${BASE}/tokens`, decodeTokens, { signal }),
  });
export const useUserSettings = () =>
  useQuery({
    queryKey: ['settings', 'users'],
    queryFn: ({ signal }) => request(`${BASE}/users`, decodeUsers, { signal }),
  });

export const addApp = (name: string): Promise<IssuedKey> =>
  request(`${BASE}/apps`, decodeIssuedKey, { method: 'POST', body: { name } });

/** Null: the API's default. */
export const changeApp = (name: string, change: Pick<AppSetting, 'retentionDays' | 'apdexMs'>): Promise<void> =>
  command(named('apps', name), { method: 'PATCH', body: change });

/** `app` null: a shared key. */
export const addKey = (app: string | null, rateLimit: number | null): Promise<KeySetting> =>
  request(`${BASE}/keys`, decodeKey, { method: 'POST', body: { app, ...(rateLimit === null ? {} : { rateLimit }) } });

export const setRateLimit = (key: string, rateLimit: number | null): Promise<void> =>
  command(`${BASE}/keys/limit`, { method: 'POST', body: { key, rateLimit } });

export const revokeKey = (key: string): Promise<void> =>
  command(`${BASE}/keys/revoke`, { method: 'POST', body: { key } });

export const addToken = (name: string, as: Role): Promise<IssuedToken> =>
  request(`${BASE}/tokens`, decodeIssuedToken, { method: 'POST', body: { name, role: as } });

export const revokeToken = (name: string): Promise<void> => command(named('tokens', name), { method: 'DELETE' });

export const addUser = (name: string, password: string, as: Role | null): Promise<UserSetting> =>
  request(`${BASE}/users`, decodeUser, { method: 'POST', body: { name, password, role: as } });

/** `as` null: no access to the dashboard. */
export const setRole = (name: string, as: Role | null): Promise<void> =>
  command(named('users', name), { method: 'PATCH', body: { role: as } });

export const changePassword = (current: string, next: string): Promise<void> =>
  command('/api/session/password', { method: 'POST', body: { current, next } });
