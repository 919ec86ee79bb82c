import { durationsOf, TimedSums } from '../../../rollup/timed.ts';
import type { EdgeFigures, Question } from '../../questions/overview.ts';
import { EDGE_ROLLUPS } from '../tables.ts';
import { rowsOf } from './rows.ts';
import type { Reading } from './steps.ts';

/** Which application called which over the span. */
export function* readEdges(span: Question<'edges'>): Reading<readonly EdgeFigures[]> {
  const edges = new Map<string, { fromAppId: number; toAppId: number; sums: TimedSums }>();
  for (const row of yield* rowsOf({ table: EDGE_ROLLUPS }, span, 1440)) {
    const [fromAppId, toAppId] = [Number(row.from_app_id), Number(row.app_id)];
    const key = `${fromAppId} ${toAppId}`;
    const edge = edges.get(key) ?? { fromAppId, toAppId, sums: new TimedSums() };
    edge.sums.addRow(row);
    edges.set(key, edge);
  }
  return [...edges.values()].map(({ sums, ...ends }) => {
    const { p50, p95 } = durationsOf(sums);
    return { ...ends, count: sums.count, failures: sums.failures, p50, p95 };
  });
}
