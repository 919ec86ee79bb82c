import type { Migration } from '../migrate.ts';

export const CONTROL: Migration = {
  version: 1,
  name: 'applications, keys, tokens, sessions',
  sql: `
    CREATE TABLE apps (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE ingest_keys (
      key TEXT PRIMARY KEY,
      app_id INTEGER NOT NULL REFERENCES apps (id),
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX ingest_keys_by_app ON ingest_keys (app_id, created_at);
    CREATE TABLE tokens (
      hash BLOB PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      role TEXT NOT NULL CHECK (role IN ('viewer', 'admin')),
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sign_in_links (
      hash BLOB PRIMARY KEY,
      user TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('viewer', 'admin')),
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sessions (
      hash BLOB PRIMARY KEY,
      user TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('viewer', 'admin')),
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
