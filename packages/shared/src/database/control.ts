import type { Role } from '../contract/session.ts';
import type { Result } from '../result.ts';
import type { DatabaseError } from './errors.ts';

/** An application and its ingest key, a UUID in lower case. */
export interface AppKey {
  readonly name: string;
  readonly key: string;
}

/** An application as it is listed. */
export interface AppRecord extends AppKey {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The application that an ingest key names. */
export interface KeyOwner {
  readonly id: number;
  readonly name: string;
}

/** Somebody who has proved who they are: by token, sign-in link or session. */
export interface Principal {
  readonly user: string;
  readonly role: Role;
}

/** A secret that is shown once: the database keeps only its hash. */
interface IssuedToken {
  readonly token: string;
}

/** A person and how long what is issued to them lives, milliseconds. */
export interface Grant extends Principal {
  readonly ttlMs: number;
}

/**
 * The control side of the insights database: applications, keys, tokens, sign-in links and sessions. The API and the
 * operator's tool both use it, at the same time if need be. Secrets are stored as SHA-256 hashes (they are random
 * 256-bit values, so a slow hash would add nothing). Methods reject only when the database itself fails.
 */
export interface Control {
  /** Adds an application with its first key. `invalid-name`, `exists`. */
  addApp(name: string): Promise<Result<AppKey, DatabaseError>>;
  /** The application of this name, added if there is none. `invalid-name`. */
  ensureApp(name: string): Promise<Result<AppKey, DatabaseError>>;
  /** All applications by name. */
  apps(): Promise<readonly AppRecord[]>;
  /** The application that an ingest key names; letter case does not matter. */
  findKey(key: string): Promise<KeyOwner | undefined>;
  /** Issues an API token. `invalid-name`, `exists`. */
  addToken(name: string, role: Role): Promise<Result<IssuedToken & { readonly name: string }, DatabaseError>>;
  /** Whose token this is; `user` is the token's name. */
  findToken(token: string): Promise<Principal | undefined>;
  /** Issues a link that signs its user in once. */
  addSignInLink(grant: Grant): Promise<IssuedToken>;
  /** Takes a link: at most one caller ever gets its user. Undefined when unknown, used or expired. */
  useSignInLink(token: string): Promise<Principal | undefined>;
  /** Starts a dashboard session. */
  createSession(grant: Grant): Promise<IssuedToken>;
  /** Whose session this is; undefined when unknown, ended or expired. */
  findSession(token: string): Promise<Principal | undefined>;
  /** Ends a session; nothing happens when there is none. */
  endSession(token: string): Promise<void>;
  close(): Promise<void>;
}
