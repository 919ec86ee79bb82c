import { type Static, Type } from 'typebox';
import { Role } from './session.ts';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

/** ISO 8601. */
const moment = Type.String();
/** Whether they are allowed is the database's business: its sentence says how names are made. */
const name = Type.String({ minLength: 1, maxLength: 64 });
const key = Type.String({ minLength: 1, maxLength: 64 });
const closed = { additionalProperties: false };

/** An application as `/settings` shows it to everybody. */
export const AppSetting = Type.Object({
  name: Type.String(),
  createdAt: moment,
  /** Whole days for which its events are kept; null: as long as the API keeps them by default. */
  retentionDays: nullable(Type.Integer()),
  /** Up to which duration its requests satisfy (Apdex), milliseconds; null: the API's default. */
  apdexMs: nullable(Type.Integer()),
});
export type AppSetting = Static<typeof AppSetting>;

/** Answer of `GET /api/settings/apps`. */
export const AppSettingsResponse = Type.Object({
  apps: Type.Array(AppSetting),
  /** What `retentionDays: null` means. */
  defaultRetentionDays: Type.Integer(),
  /** What `apdexMs: null` means. */
  defaultApdexMs: Type.Integer(),
  /** Base address that applications send to. */
  publicUrl: Type.String(),
  /** Where the API itself talks HTTPS, for SDKs that talk nothing else; null: nowhere. */
  tlsPort: nullable(Type.Integer()),
});
export type AppSettingsResponse = Static<typeof AppSettingsResponse>;

/** Body of `POST /api/settings/apps`. */
export const NewApp = Type.Object({ name }, closed);

/** An ingest key just made, or an application's first. */
export const IssuedKey = Type.Object({
  key: Type.String(),
  /** What SDKs are configured with. */
  connectionString: Type.String(),
});
export type IssuedKey = Static<typeof IssuedKey>;

/** Body of `PATCH /api/settings/apps/:name`: what is to change, null for the API's default. */
export const AppChange = Type.Object(
  { retentionDays: Type.Optional(nullable(Type.Integer())), apdexMs: Type.Optional(nullable(Type.Integer())) },
  { ...closed, minProperties: 1 },
);

/** An ingest key as it is listed: whoever may send with it, so admins only. */
export const KeySetting = Type.Object({
  ...IssuedKey.properties,
  /** Null: a shared key, under which events name their application themselves. */
  app: nullable(Type.String()),
  /** Events a second; null: the API's default. */
  rateLimit: nullable(Type.Integer()),
  createdAt: moment,
  /** Null while it is in force. */
  revokedAt: nullable(moment),
});
export type KeySetting = Static<typeof KeySetting>;

/** Answer of `GET /api/settings/keys`. */
export const KeySettingsResponse = Type.Object({
  keys: Type.Array(KeySetting),
  /** What `rateLimit: null` means, events a second. */
  defaultRateLimit: Type.Integer(),
});
export type KeySettingsResponse = Static<typeof KeySettingsResponse>;

/** Body of `POST /api/settings/keys`. */
export const NewKey = Type.Object({ app: nullable(name), rateLimit: Type.Optional(Type.Integer()) }, closed);

/** Body of `POST /api/settings/keys/limit`. Keys stand in bodies, not in addresses, which are logged on their way. */
export const KeyLimitChange = Type.Object({ key, rateLimit: nullable(Type.Integer()) }, closed);

/** Body of `POST /api/settings/keys/revoke`. */
export const KeyRevocation = Type.Object({ key }, closed);

/** Answer of `GET /api/settings/tokens`: none of them is a secret. */
export const TokenSettingsResponse = Type.Object({
  tokens: Type.Array(Type.Object({ name: Type.String(), role: Role, createdAt: moment })),
});
export type TokenSettingsResponse = Static<typeof TokenSettingsResponse>;

/** Body of `POST /api/settings/tokens`. */
export const NewToken = Type.Object({ name, role: Role }, closed);

/** Its answer: the one time that the token is shown. */
export const IssuedToken = Type.Object({ name: Type.String(), token: Type.String() });
export type IssuedToken = Static<typeof IssuedToken>;

/** An account; without a role it is for mail only. */
export const UserSetting = Type.Object({
  name: Type.String(),
  role: nullable(Role),
  /** Nobody signs in as it; mail for it still arrives. */
  disabled: Type.Boolean(),
});
export type UserSetting = Static<typeof UserSetting>;

/** Answer of `GET /api/settings/users`. */
export const UserSettingsResponse = Type.Object({ users: Type.Array(UserSetting) });
export type UserSettingsResponse = Static<typeof UserSettingsResponse>;

const password = Type.String({ minLength: 1, maxLength: 1024 });

/** Body of `POST /api/settings/users`. */
export const NewUser = Type.Object({ name, password, role: nullable(Role) }, closed);

/** Body of `PATCH /api/settings/users/:name`. */
export const UserChange = Type.Object({ role: nullable(Role) }, closed);

/** Body of `POST /api/session/password`: somebody's own, who says the old one again. */
export const PasswordChange = Type.Object({ current: password, next: password }, closed);
