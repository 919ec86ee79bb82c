import type { DatabaseSync } from 'node:sqlite';
import type { AppCounters } from '../port.ts';

/** An application with what it has been counted for. */
export interface AppWithCounters {
  readonly appId: number;
  readonly name: string;
  readonly apdexMs?: number;
  readonly lastSeen?: number;
  readonly counters: AppCounters;
}

// The casts below rest on the schema: STRICT tables, NOT NULL columns, coalesce over the outer join.
interface CounterRow {
  readonly id: number;
  readonly name: string;
  readonly received: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly sampled: number;
  readonly late: number;
  readonly last_seen: number | null;
  readonly apdex_ms: number | null;
}

interface TallyRow {
  readonly app_id: number;
  readonly what: string;
  readonly count: number;
}

const COUNTERS = `
  SELECT apps.id, apps.name, coalesce(received, 0) AS received, coalesce(accepted, 0) AS accepted,
    coalesce(duplicates, 0) AS duplicates, coalesce(sampled, 0) AS sampled, coalesce(late, 0) AS late, last_seen, apdex_ms
  FROM apps LEFT JOIN app_counters ON app_id = apps.id ORDER BY apps.name`;

/** Makes the function that lists all applications by name with their counters. */
export function makeCounterReader(db: DatabaseSync): () => readonly AppWithCounters[] {
  const counters = db.prepare(COUNTERS);
  const rejections = db.prepare('SELECT app_id, reason AS what, count FROM app_rejections');
  const adjustments = db.prepare('SELECT app_id, what, count FROM app_adjustments');
  return () => {
    const rejected = byApp(rejections.all() as unknown as TallyRow[]);
    const adjusted = byApp(adjustments.all() as unknown as TallyRow[]);
    return (counters.all() as unknown as CounterRow[]).map(({ id, name, last_seen, apdex_ms, ...row }) => ({
      appId: id,
      name,
      ...(apdex_ms === null ? {} : { apdexMs: apdex_ms }),
      ...(last_seen === null ? {} : { lastSeen: last_seen }),
      counters: { ...row, rejected: rejected.get(id) ?? {}, adjusted: adjusted.get(id) ?? {} },
    }));
  };
}

function byApp(rows: readonly TallyRow[]): Map<number, Record<string, number>> {
  const tallies = new Map<number, Record<string, number>>();
  for (const { app_id, what, count } of rows) {
    tallies.set(app_id, { ...tallies.get(app_id), [what]: count });
  }
  return tallies;
}
