import type { Migration } from '../migrate.ts';

/** When a group of exceptions was first stored, whenever that exception happened; 0 of those that were there before. */
export const STORED_GROUPS: Migration = {
  version: 13,
  name: 'when exceptions were first stored',
  sql: `ALTER TABLE exception_groups ADD COLUMN first_stored INTEGER NOT NULL DEFAULT 0;`,
};
