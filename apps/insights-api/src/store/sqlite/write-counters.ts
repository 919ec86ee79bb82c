import type { DatabaseSync } from 'node:sqlite';
import type { CounterDelta } from '../count-submission.ts';

const UPSERT_COUNTERS = `
  INSERT INTO app_counters (app_id, received, accepted, duplicates, sampled, late, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (app_id) DO UPDATE SET
    received = received + excluded.received, accepted = accepted + excluded.accepted,
    duplicates = duplicates + excluded.duplicates, sampled = sampled + excluded.sampled, late = late + excluded.late,
    last_seen = max(coalesce(last_seen, 0), excluded.last_seen)`;

const UPSERT_REJECTION = `INSERT INTO app_rejections (app_id, reason, count) VALUES (?, ?, ?)
  ON CONFLICT (app_id, reason) DO UPDATE SET count = count + excluded.count`;

const UPSERT_ADJUSTMENT = `INSERT INTO app_adjustments (app_id, what, count) VALUES (?, ?, ?)
  ON CONFLICT (app_id, what) DO UPDATE SET count = count + excluded.count`;

/** Adds to the counters, inside the caller's transaction. */
export function makeCounterWriter(db: DatabaseSync): (delta: CounterDelta) => void {
  const counters = db.prepare(UPSERT_COUNTERS);
  const rejection = db.prepare(UPSERT_REJECTION);
  const adjustment = db.prepare(UPSERT_ADJUSTMENT);
  return ({ appId, received, accepted, duplicates, sampled, late, spokeAt, rejected, adjusted }) => {
    if (received === 0) return;
    counters.run(appId, received, accepted, duplicates, sampled, late, spokeAt);
    for (const [reason, count] of Object.entries(rejected)) rejection.run(appId, reason, count);
    for (const [what, count] of Object.entries(adjusted)) adjustment.run(appId, what, count);
  };
}
