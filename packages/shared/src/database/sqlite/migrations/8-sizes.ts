import type { Migration } from '../migrate.ts';

export const SIZES: Migration = {
  version: 8,
  name: 'sizes of the database over time',
  sql: `
    CREATE TABLE size_samples (at INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
  `,
};
