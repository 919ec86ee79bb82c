import type { Migration } from '../migrate.ts';

/**
 * By what a trace is found. The minute and the beginning of the operation's id: what is inserted at a time lies in a
 * small part of the index, and a trace of which only the id is known takes a look into each minute. Beginnings of
 * 16 characters, of 64 random bits in W3C's ids, keep it small.
 */
export const OPERATIONS: Migration = {
  version: 7,
  name: 'events by operation',
  reads: ['events'],
  sql: `
    CREATE INDEX events_by_operation ON events (time / 60000000, substr(operation_id, 1, 16))
      WHERE operation_id IS NOT NULL;
  `,
};
