import type { Role } from '@scorpiox/shared/contract';
import type { Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';

/**
 * What an operator does with applications, ingest keys and tokens. Done in the configured database (`by-database.ts`)
 * or through an API (`by-api.ts`); what is asked and answered is the same.
 */
export interface Administration {
  /** Adds an application with its first key. */
  addApp(name: string): Done<AddedApp>;
  /** All applications by name. */
  apps(): Done<readonly ShownApp[]>;
  /** For how many days an application's events are kept; undefined: the API's default. */
  setRetention(app: string, days: number | undefined): Done<void>;
  /** Makes one more key for an application, or a shared one without. `rateLimit` in events a second. */
  addKey(app: string | undefined, rateLimit: number | undefined): Done<AddedKey>;
  /** All keys, revoked ones too. */
  keys(): Done<readonly ShownKey[]>;
  /** Puts a key out of force. */
  revokeKey(key: string): Done<void>;
  /** What a key may send, events a second; undefined: the API's default. */
  limitKey(key: string, rateLimit: number | undefined): Done<void>;
  /** Issues a bearer token. */
  addToken(name: string, role: Role): Done<AddedToken>;
  /** All tokens by name. */
  tokens(): Done<readonly ShownToken[]>;
  /** Puts a token out of force. */
  revokeToken(name: string): Done<void>;
}

type Done<T> = Promise<Result<T, Failure>>;

// Types rather than interfaces: only those are records of printable values, which they are shown as.

/** An application that may send now: its ingest key, a UUID and a secret, and what its SDK is configured with. */
type AddedApp = { readonly name: string; readonly key: string; readonly connectionString: string };

/** Retention is empty where the API's default holds; times are ISO 8601. */
type ShownApp = { readonly name: string; readonly retentionDays: string; readonly created: string };

/** `app` is empty for a shared key, `rateLimit` (events a second) where the API's default holds, `revoked` while in force. */
export type ShownKey = {
  readonly key: string;
  readonly app: string;
  readonly rateLimit: string;
  readonly created: string;
  readonly revoked: string;
};

type AddedKey = ShownKey & { readonly connectionString: string };

/** A bearer token, shown this once: only its hash is kept. */
type AddedToken = { readonly name: string; readonly token: string };

type ShownToken = { readonly name: string; readonly role: string; readonly created: string };
