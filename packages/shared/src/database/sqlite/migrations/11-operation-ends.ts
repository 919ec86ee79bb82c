import type { Migration } from '../migrate.ts';

/**
 * By what a trace is found, once more: by the end of its id. Senders with ids of 64 bits fill them up with zeros at the
 * beginning, so that all began alike.
 */
export const OPERATION_ENDS: Migration = {
  version: 11,
  name: 'events by the end of their operation',
  reads: ['events'],
  sql: `
    DROP INDEX events_by_operation;
    CREATE INDEX events_by_operation ON events (time / 60000000, substr(operation_id, -16))
      WHERE operation_id IS NOT NULL;
  `,
};
