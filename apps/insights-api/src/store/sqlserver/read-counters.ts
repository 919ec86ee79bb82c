import { number, optionalNumber, type Row, text } from '@scorpiox/shared/database/sqlserver';
import type { AppCounters } from '../port.ts';

/** An application with what it has been counted for. */
export interface AppWithCounters {
  readonly appId: number;
  readonly name: string;
  readonly apdexMs?: number;
  readonly lastSeen?: number;
  readonly counters: AppCounters;
}

/** Three result sets: the applications with their counters, by name; rejections; adjustments. */
export const READ_COUNTERS = `
SELECT a.id, a.[name], c.received, c.accepted, c.duplicates, c.sampled, c.late, c.last_seen, a.apdex_ms
FROM dbo.scorpiox_app AS a LEFT JOIN dbo.scorpiox_app_counter AS c ON c.app_id = a.id
ORDER BY a.name_key;
SELECT app_id, what, [count] FROM dbo.scorpiox_app_rejection;
SELECT app_id, what, [count] FROM dbo.scorpiox_app_adjustment;`;

type Rows = readonly Row[];

/** Makes applications of the result sets of `READ_COUNTERS`. */
export function toAppsWithCounters([
  apps = [],
  rejections = [],
  adjustments = [],
]: readonly Rows[]): readonly AppWithCounters[] {
  const rejected = byApp(rejections);
  const adjusted = byApp(adjustments);
  return apps.map((row) => {
    const appId = number(row, 'id');
    const lastSeen = optionalNumber(row, 'last_seen');
    const apdexMs = optionalNumber(row, 'apdex_ms');
    const count = (column: string) => optionalNumber(row, column) ?? 0;
    return {
      appId,
      name: text(row, 'name'),
      ...(apdexMs === undefined ? {} : { apdexMs }),
      ...(lastSeen === undefined ? {} : { lastSeen }),
      counters: {
        received: count('received'),
        accepted: count('accepted'),
        duplicates: count('duplicates'),
        sampled: count('sampled'),
        late: count('late'),
        rejected: rejected.get(appId) ?? {},
        adjusted: adjusted.get(appId) ?? {},
      },
    };
  });
}

function byApp(rows: Rows): ReadonlyMap<number, Readonly<Record<string, number>>> {
  const tallies = new Map<number, Record<string, number>>();
  for (const row of rows) {
    const appId = number(row, 'app_id');
    tallies.set(appId, { ...tallies.get(appId), [text(row, 'what')]: number(row, 'count') });
  }
  return tallies;
}
