import type { Migration } from '../migrate.ts';

export const VIEWS: Migration = {
  version: 10,
  name: 'saved views',
  sql: `
    CREATE TABLE views (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      changed_at INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
