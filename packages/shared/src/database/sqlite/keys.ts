import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { ok, type Result } from '../../result.ts';
import type { KeyGrant, KeyRecord, KeyRequest } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { checkRateLimit, noSuchApp, noSuchKey, readKey } from '../settings.ts';
import { toRef } from './apps.ts';
import { withPatience } from './patience.ts';

// Columns below are typed by the schema (STRICT tables, NOT NULL), which is the guarantee behind each cast.
interface GrantRow {
  readonly id: number | null;
  readonly name: string;
  readonly retentionDays: number | null;
  readonly rateLimit: number | null;
}

interface KeyRow {
  readonly key: string;
  readonly app: string | null;
  readonly rateLimit: number | null;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** Ingest keys on the embedded database. */
export function keyMethods(db: DatabaseSync, now: () => number) {
  const selectGrant = db.prepare(`
    SELECT apps.id AS id, apps.name AS name, retention_days AS retentionDays, rate_limit AS rateLimit
    FROM ingest_keys LEFT JOIN apps ON apps.id = app_id WHERE key = ? AND revoked_at IS NULL`);
  const selectAll = db.prepare(`
    SELECT key, apps.name AS app, rate_limit AS rateLimit, ingest_keys.created_at AS createdAt, revoked_at AS revokedAt
    FROM ingest_keys LEFT JOIN apps ON apps.id = app_id ORDER BY apps.name, ingest_keys.created_at, key`);
  const insertShared = db.prepare(
    'INSERT INTO ingest_keys (key, rate_limit, created_at) VALUES (?, ?, ?) RETURNING NULL AS app',
  );
  const insertOfApp = db.prepare(`
    INSERT INTO ingest_keys (key, rate_limit, created_at, app_id) SELECT ?, ?, ?, id FROM apps WHERE name = ?
    RETURNING (SELECT name FROM apps WHERE id = app_id) AS app`);
  const revoke = db.prepare('UPDATE ingest_keys SET revoked_at = coalesce(revoked_at, ?) WHERE key = ?');
  const setRateLimit = db.prepare('UPDATE ingest_keys SET rate_limit = ? WHERE key = ?');

  return {
    async findKey(key: string): Promise<KeyGrant | undefined> {
      const row = selectGrant.get(readKey(key) ?? '') as unknown as GrantRow | undefined;
      return row && toGrant(row);
    },
    async addKey({ app, rateLimit }: KeyRequest): Promise<Result<KeyRecord, DatabaseError>> {
      const checked = checkRateLimit(rateLimit);
      if (!checked.ok) return checked;
      const [key, createdAt] = [randomUUID(), now()];
      const row = (await withPatience(() =>
        app === undefined
          ? insertShared.get(key, rateLimit ?? null, createdAt)
          : insertOfApp.get(key, rateLimit ?? null, createdAt, app),
      )) as { app: string | null } | undefined;
      if (row === undefined) return noSuchApp(app ?? '');
      return ok(toRecord({ key, app: row.app, rateLimit: rateLimit ?? null, createdAt, revokedAt: null }));
    },
    async keys(): Promise<readonly KeyRecord[]> {
      return (selectAll.all() as unknown as KeyRow[]).map(toRecord);
    },
    async revokeKey(key: string): Promise<Result<void, DatabaseError>> {
      const { changes } = await withPatience(() => revoke.run(now(), readKey(key) ?? ''));
      return Number(changes) === 1 ? ok(undefined) : noSuchKey();
    },
    async setRateLimit(key: string, rateLimit: number | undefined): Promise<Result<void, DatabaseError>> {
      const checked = checkRateLimit(rateLimit);
      if (!checked.ok) return checked;
      const { changes } = await withPatience(() => setRateLimit.run(rateLimit ?? null, readKey(key) ?? ''));
      return Number(changes) === 1 ? ok(undefined) : noSuchKey();
    },
  };
}

function toGrant({ id, name, retentionDays, rateLimit }: GrantRow): KeyGrant {
  return {
    ...(id === null ? {} : { app: toRef({ id, name, retentionDays }) }),
    ...(rateLimit === null ? {} : { rateLimit }),
  };
}

function toRecord({ key, app, rateLimit, createdAt, revokedAt }: KeyRow): KeyRecord {
  return {
    key,
    ...(app === null ? {} : { app }),
    ...(rateLimit === null ? {} : { rateLimit }),
    createdAt,
    ...(revokedAt === null ? {} : { revokedAt }),
  };
}
