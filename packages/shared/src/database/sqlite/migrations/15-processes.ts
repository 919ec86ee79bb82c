import type { Migration } from '../migrate.ts';

/** Which processes of the API work on this database, by host and port, and when each said so last. */
export const PROCESSES: Migration = {
  version: 15,
  name: 'processes of the API',
  sql: `
    CREATE TABLE api_processes (name TEXT PRIMARY KEY, seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
};
