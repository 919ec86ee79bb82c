import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bringFileUp, MIGRATIONS } from '@scorpiox/shared/database';
import { temporaryFolder } from './folder.ts';

export interface OutdatedDatabase {
  /** The data folder. */
  readonly folder: string;
  readonly file: string;
  /** The key of its application `shop`. */
  readonly key: string;
  /** The versions that have been applied, in order. */
  versions(): readonly unknown[];
  has(table: string): boolean;
}

const KEY = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';

/** A data folder whose database the program of version 2 has left, with sums of many minutes. */
export function outdatedDatabase(): OutdatedDatabase {
  const folder = temporaryFolder();
  const file = join(folder, 'insights.db');
  const made = bringFileUp(file, () => {}, MIGRATIONS.slice(0, 2));
  if (!made.ok) throw new Error(made.error.message);
  const db = new DatabaseSync(file);
  db.exec(`INSERT INTO apps (name, created_at) VALUES ('shop', 5);
    INSERT INTO ingest_keys (key, app_id, created_at) VALUES ('${KEY}', 1, 5);
    WITH RECURSIVE minutes (minute) AS (SELECT 1440 UNION ALL SELECT minute + 5 FROM minutes WHERE minute < 20000)
    INSERT INTO rollups SELECT 1, 'request', minute, 'GET /', 2, 1, 2, 10, 1, 9 FROM minutes`);
  db.close();
  const look = <T>(read: (db: DatabaseSync) => T): T => {
    const reader = new DatabaseSync(file, { readOnly: true });
    try {
      return read(reader);
    } finally {
      reader.close();
    }
  };
  return {
    folder,
    file,
    key: KEY,
    versions: () =>
      look((reader) => reader.prepare('SELECT version FROM migrations ORDER BY version').all()).map(
        (row) => row.version,
      ),
    has: (table) =>
      look((reader) => reader.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table)) !== undefined,
  };
}

/** The versions of a database that is at this program's. */
export const ALL_VERSIONS: readonly number[] = MIGRATIONS.map(({ version }) => version);
