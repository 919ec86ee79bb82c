import type { Migration } from '../migrate.ts';

/**
 * Between which times events were deleted, of each application that lost any. What was deleted before this note was kept
 * is told by the sums, which live longer: from the first of them that ends before the oldest event to that event.
 */
export const DELETED_EVENTS: Migration = {
  version: 12,
  name: 'what was deleted of events',
  sql: `
    CREATE TABLE deleted_events (
      app_id INTEGER PRIMARY KEY,
      oldest INTEGER NOT NULL,
      newest INTEGER NOT NULL
    ) STRICT;
    WITH kinds (kind) AS (
      VALUES ('request'), ('dependency'), ('event'), ('trace'), ('exception'), ('metric'), ('pageView'), ('availability')
    ),
    series (app_id, kind, oldest) AS (
      SELECT apps.id, kind, (SELECT min(time) FROM events WHERE app_id = apps.id) FROM apps, kinds
    ),
    sums (app_id, first, length, oldest) AS (
      SELECT app_id, (SELECT min(minute) FROM rollups WHERE app_id = series.app_id AND kind = series.kind), 1, oldest
        FROM series
      UNION ALL
      SELECT app_id, (SELECT min(minute) FROM hour_rollups WHERE app_id = series.app_id AND kind = series.kind), 60, oldest
        FROM series
      UNION ALL
      SELECT app_id, (SELECT min(minute) FROM day_rollups WHERE app_id = series.app_id AND kind = series.kind), 1440, oldest
        FROM series
    )
    INSERT INTO deleted_events (app_id, oldest, newest)
    SELECT app_id, min(first) * 60000000,
      coalesce(
        min(oldest),
        ((SELECT max(minute) FROM day_rollups WHERE app_id = sums.app_id) + 1440) * 60000000,
        max(first + length) * 60000000
      ) - 1
    FROM sums
    WHERE first IS NOT NULL AND (oldest IS NULL OR (first + length) * 60000000 <= oldest)
    GROUP BY app_id;
  `,
};
