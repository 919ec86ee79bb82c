import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../result.ts';
import type { AppKey, AppRecord, AppRef } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { checkName } from '../names.ts';
import { checkRetention, noSuchApp } from '../settings.ts';
import { inTransaction } from './connection.ts';
import { withPatience } from './patience.ts';

// Columns below are typed by the schema (STRICT tables, NOT NULL), which is the guarantee behind each cast.
interface AppRow {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  readonly retentionDays: number | null;
  readonly key: string | null;
}

const SELECT = `
  SELECT id, name, created_at AS createdAt, retention_days AS retentionDays,
    (SELECT key FROM ingest_keys WHERE app_id = apps.id AND revoked_at IS NULL ORDER BY created_at, key LIMIT 1) AS key
  FROM apps`;

/** Applications on the embedded database. */
export function appMethods(db: DatabaseSync, now: () => number) {
  const insertApp = db.prepare(
    'INSERT INTO apps (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING RETURNING id',
  );
  const insertKey = db.prepare('INSERT INTO ingest_keys (key, app_id, created_at) VALUES (?, ?, ?)');
  const selectByName = db.prepare(`${SELECT} WHERE name = ?`);
  const selectAll = db.prepare(`${SELECT} ORDER BY name`);
  const setRetention = db.prepare('UPDATE apps SET retention_days = ? WHERE name = ?');

  const find = (name: string) => selectByName.get(name) as unknown as AppRow | undefined;
  /** Undefined when the name is taken. */
  const add = (name: string): Promise<AppKey | undefined> =>
    withPatience(() =>
      inTransaction(db, () => {
        const row = insertApp.get(name, now()) as { id: number } | undefined;
        return row && { name, key: addKeyOf(row.id) };
      }),
    );
  const addKeyOf = (appId: number): string => {
    const key = randomUUID();
    insertKey.run(key, appId, now());
    return key;
  };

  return {
    async addApp(name: string): Promise<Result<AppKey, DatabaseError>> {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const added = await add(name);
      return added ? ok(added) : err({ code: 'exists', message: `There is an application named ${name} already.` });
    },
    async ensureApp(name: string): Promise<Result<AppKey, DatabaseError>> {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const added = find(name) === undefined ? await add(name) : undefined;
      if (added !== undefined) return ok(added);
      // Applications are never removed, so one whose name was taken a moment ago is found now.
      const there = find(name);
      if (there === undefined) throw new Error(`application ${name} vanished`);
      return ok({ name: there.name, key: there.key ?? (await withPatience(() => addKeyOf(there.id))) });
    },
    async apps(): Promise<readonly AppRecord[]> {
      return (selectAll.all() as unknown as AppRow[]).map((row) => ({
        ...toRef(row),
        createdAt: row.createdAt,
        ...(row.key === null ? {} : { key: row.key }),
      }));
    },
    async findApp(name: string): Promise<AppRef | undefined> {
      const row = find(name);
      return row && toRef(row);
    },
    async setRetention(name: string, days: number | undefined): Promise<Result<void, DatabaseError>> {
      const checked = checkRetention(days);
      if (!checked.ok) return checked;
      const { changes } = await withPatience(() => setRetention.run(days ?? null, name));
      return Number(changes) === 1 ? ok(undefined) : noSuchApp(name);
    },
  };
}

/** An application as the columns `id`, `name` and `retentionDays` tell of it. */
export function toRef({ id, name, retentionDays }: Pick<AppRow, 'id' | 'name' | 'retentionDays'>): AppRef {
  return { id, name, ...(retentionDays === null ? {} : { retentionDays }) };
}
