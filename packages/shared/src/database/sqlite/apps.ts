import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { makeAppMethods } from '../app-methods.ts';
import type { AppRef } from '../control.ts';
import { inTransaction } from './connection.ts';
import { withPatience } from './patience.ts';

// Columns below are typed by the schema (STRICT tables, NOT NULL), which is the guarantee behind each cast.
interface AppRow {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  readonly retentionDays: number | null;
  readonly apdexMs?: number | null;
  readonly key: string | null;
}

const SELECT = `
  SELECT id, name, created_at AS createdAt, retention_days AS retentionDays, apdex_ms AS apdexMs,
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
  const setApdex = db.prepare('UPDATE apps SET apdex_ms = ? WHERE name = ?');

  const addKeyOf = (appId: number): string => {
    const key = randomUUID();
    insertKey.run(key, appId, now());
    return key;
  };
  const addWithKey = (name: string) =>
    inTransaction(db, () => {
      const row = insertApp.get(name, now()) as { id: number } | undefined;
      return row && { name, key: addKeyOf(row.id) };
    });
  return makeAppMethods({
    add: (name) => withPatience(() => addWithKey(name)),
    async find(name) {
      const row = selectByName.get(name) as unknown as AppRow | undefined;
      return row && { ...toRef(row), ...keyOf(row) };
    },
    addKey: ({ id }) => withPatience(() => addKeyOf(id)),
    async list() {
      const rows = selectAll.all() as unknown as AppRow[];
      return rows.map((row) => ({ ...toRef(row), createdAt: row.createdAt, ...keyOf(row) }));
    },
    async setRetention(name, days) {
      const { changes } = await withPatience(() => setRetention.run(days ?? null, name));
      return Number(changes) === 1;
    },
    async setApdex(name, milliseconds) {
      const { changes } = await withPatience(() => setApdex.run(milliseconds ?? null, name));
      return Number(changes) === 1;
    },
  });
}

const keyOf = ({ key }: AppRow) => (key === null ? {} : { key });

/** An application as its columns tell of it; a key does not tell of `apdexMs`. */
export function toRef({
  id,
  name,
  retentionDays,
  apdexMs = null,
}: Pick<AppRow, 'id' | 'name' | 'retentionDays' | 'apdexMs'>): AppRef {
  return {
    id,
    name,
    ...(retentionDays === null ? {} : { retentionDays }),
    ...(apdexMs === null ? {} : { apdexMs }),
  };
}
