import type { Role } from '../contract/session.ts';
import type { Result } from '../result.ts';
import type { AlertTables } from './alert-tables.ts';
import type { DatabaseError } from './errors.ts';
import type { ViewRecord } from './views.ts';

/** An application and its ingest key, a UUID in lower case. */
export interface AppKey {
  readonly name: string;
  readonly key: string;
}

/** An application as its events are stored for it. */
export interface AppRef {
  readonly id: number;
  readonly name: string;
  /** Whole days for which its events are kept; absent: as long as the API keeps them by default. */
  readonly retentionDays?: number;
  /**
   * The duration up to which its requests satisfy (Apdex), whole milliseconds; absent: the API's default, and in what a key
   * names.
   */
  readonly apdexMs?: number;
}

/** An application as it is listed. */
export interface AppRecord extends AppRef {
  /** Its oldest key that is in force; absent where all of them were revoked. */
  readonly key?: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** What an ingest key that is in force allows. */
export interface KeyGrant {
  /** The application that it names. Absent for a shared key: then each event names its own. */
  readonly app?: AppRef;
  /** Events a second that it may send; absent: the API's default. */
  readonly rateLimit?: number;
}

/** An ingest key as it is listed. */
export interface KeyRecord {
  /** A UUID in lower case. */
  readonly key: string;
  /** The name of its application; absent for a shared key. */
  readonly app?: string;
  readonly rateLimit?: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970; absent while it is in force. */
  readonly revokedAt?: number;
}

/** A key that is to be made. */
export interface KeyRequest {
  /** The application that it names; absent for a shared key. */
  readonly app?: string;
  readonly rateLimit?: number;
}

/** An API token as it is listed: the token itself is not kept. */
export interface TokenRecord {
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A process of the API (its host and port), and when it said that it is there (milliseconds since 1970). */
export interface ProcessNote {
  readonly name: string;
  readonly at: number;
}

/** How large the database was at a moment, milliseconds since 1970. */
export interface SizeSample {
  readonly at: number;
  readonly bytes: number;
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
  /** The application of this name, added if there is none, and a key of it that is in force. `invalid-name`. */
  ensureApp(name: string): Promise<Result<AppKey, DatabaseError>>;
  /** All applications by name. */
  apps(): Promise<readonly AppRecord[]>;
  /** The application of this name, letter case aside. */
  findApp(name: string): Promise<AppRef | undefined>;
  /** How long an application's events are kept, whole days; undefined: the API's default. `not-found`, `invalid-value`. */
  setRetention(app: string, days: number | undefined): Promise<Result<void, DatabaseError>>;
  /** Up to which duration an application's requests satisfy; undefined: the API's default. `not-found`, `invalid-value`. */
  setApdex(app: string, milliseconds: number | undefined): Promise<Result<void, DatabaseError>>;
  /** What an ingest key allows; letter case does not matter. Undefined when it is unknown or was revoked. */
  findKey(key: string): Promise<KeyGrant | undefined>;
  /**
   * Makes one more key, beside those that are there: an application changes over to it before the old one is revoked.
   * `not-found` (the application), `invalid-value`.
   */
  addKey(request: KeyRequest): Promise<Result<KeyRecord, DatabaseError>>;
  /** All keys, revoked ones too, by application (shared ones first) and age. */
  keys(): Promise<readonly KeyRecord[]>;
  /** Puts a key out of force for good; one that was revoked stays so. `not-found`. */
  revokeKey(key: string): Promise<Result<void, DatabaseError>>;
  /** Events a second that a key may send; undefined: the API's default. `not-found`, `invalid-value`. */
  setRateLimit(key: string, rateLimit: number | undefined): Promise<Result<void, DatabaseError>>;
  /** Issues an API token. `invalid-name`, `exists`. */
  addToken(name: string, role: Role): Promise<Result<IssuedToken & { readonly name: string }, DatabaseError>>;
  /** Whose token this is; `user` is the token's name. */
  findToken(token: string): Promise<Principal | undefined>;
  /** All tokens by name. */
  tokens(): Promise<readonly TokenRecord[]>;
  /** Puts a token out of force for good: it is forgotten, and its name is free. `not-found`. */
  revokeToken(name: string): Promise<Result<void, DatabaseError>>;
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
  /** Ends all sessions of somebody, but for the one that is named by its token: after another password, or another role. */
  endSessionsOf(user: string, except?: string): Promise<void>;
  /** Notes the size at a moment, of which the first note counts, and forgets those from before another. */
  noteSize(sample: SizeSample, forgetBefore: number): Promise<void>;
  /** The sizes from a moment on, oldest first. */
  sizes(since: number): Promise<readonly SizeSample[]>;
  /** Notes that a process of the API is there, forgets those not seen since a moment, and gives the names of all. */
  noteProcess(note: ProcessNote, forgetBefore: number): Promise<readonly string[]>;
  /** It is there no longer. */
  removeProcess(name: string): Promise<void>;
  /** Saved views, by id. */
  views(): Promise<readonly ViewRecord[]>;
  /**
   * Adds a view, or puts it in the place of the one with its id, whose owner stays. False when there are `most` others.
   */
  putView(view: ViewRecord, most: number): Promise<boolean>;
  /** False where there is none. */
  removeView(id: string): Promise<boolean>;
  readonly alerts: AlertTables;
  close(): Promise<void>;
}
