import type { InstanceFigures, Question, VersionSeen } from '../../questions/overview.ts';
import { INSTANCE_ROLLUPS, INSTANCES } from '../tables.ts';
import { hexOf, rowsOf } from './rows.ts';
import type { Reading } from './steps.ts';

const MS_US = 1000;

/** Instances and versions that sent something in the span. */
export function* readInstances({ appId, span }: Question<'instances'>): Reading<readonly InstanceFigures[]> {
  const sums = new Map<string, { events: number; requests: number; failures: number }>();
  for (const row of yield* rowsOf({ table: INSTANCE_ROLLUPS, appId }, span, 1440)) {
    const id = hexOf(row, 'id');
    const one = sums.get(id) ?? { events: 0, requests: 0, failures: 0 };
    one.events += Number(row.events);
    one.requests += Number(row.requests);
    one.failures += Number(row.failures);
    sums.set(id, one);
  }
  const known = yield { do: 'all', table: INSTANCES, resolution: 1, appId };
  return known.flatMap((row) => {
    const one = sums.get(hexOf(row, 'id'));
    if (one === undefined) return [];
    const seen = { firstSeen: Number(row.first_seen) / MS_US, lastSeen: Number(row.last_seen) / MS_US };
    return [{ instance: String(row.instance), version: String(row.version), ...seen, ...one }];
  });
}

/** When each version was first seen, ascending. */
export function* readVersions({ appId }: Question<'versions'>): Reading<readonly VersionSeen[]> {
  const seen = new Map<string, number>();
  for (const row of yield { do: 'all', table: INSTANCES, resolution: 1, appId }) {
    const version = String(row.version);
    if (version === '') continue;
    seen.set(version, Math.min(seen.get(version) ?? Number.POSITIVE_INFINITY, Number(row.first_seen) / MS_US));
  }
  return [...seen].map(([version, firstSeen]) => ({ version, firstSeen })).sort((a, b) => a.firstSeen - b.firstSeen);
}
