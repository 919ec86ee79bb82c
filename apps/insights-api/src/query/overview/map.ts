import type { MapResponse } from '@scorpiox/shared/contract';
import { percentilesOf, rateOf, withSteps } from '../apps.ts';
import type { TimeRange } from '../time-range.ts';
import type { Asking } from './asking.ts';
import { answerSpan, describeSpan, passed } from './span.ts';
import { judge } from './state.ts';

/** `GET /api/map`. */
export async function queryMap({ ask, standings, summarize, now }: Asking, range: TimeRange): Promise<MapResponse> {
  const answered = answerSpan(range, now());
  const { from, to } = answered;
  const [totals, standing, edges] = await Promise.all([
    summarize(withSteps(answered)),
    standings.read(),
    ask('edges', { from, to }),
  ]);
  const at = now();
  const flow = (count: number, failures: number) => ({
    count,
    perMinute: count / passed(answered, at),
    failures,
    failureRate: rateOf(failures, count),
  });
  const names = new Map(totals.map(({ appId, name }) => [appId, name]));
  return {
    ...describeSpan(answered, at),
    nodes: totals.map((app) => {
      const { p50, p95 } = percentilesOf(app);
      const { state } = judge(standing.of(app), at);
      return { name: app.name, state, ...flow(app.requests, app.failures), p50, p95 };
    }),
    edges: edges.flatMap(({ fromAppId, toAppId, count, failures, p50, p95 }) => {
      const [caller, callee] = [names.get(fromAppId), names.get(toAppId)];
      if (caller === undefined || callee === undefined) return [];
      return [{ from: caller, to: callee, ...flow(count, failures), p50, p95 }];
    }),
  };
}
