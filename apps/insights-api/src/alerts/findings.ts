import type { MetricAggregate } from '@scorpiox/shared/contract';
import { queryMetric } from '../query/metrics.ts';
import type { AppTotals, Store } from '../store/port.ts';
import { type AppCondition, type Finding, judgeApp, judgeMetric, type MetricCondition } from './conditions.ts';
import type { Rule } from './stored.ts';

const MINUTE_MS = 60_000;

/** A rule about applications. */
export type AppRule = Rule & { readonly condition: AppCondition | MetricCondition };

export const isAppRule = (rule: Rule): rule is AppRule => rule.condition.kind !== 'backlog';

/** What rules are judged by. */
export type Figures = Pick<Store, 'summarizeApps' | 'listMetrics' | 'readMetric'>;

/**
 * What each rule finds of its applications, from sums alone: one question for each length of window, however many rules
 * and applications there are, and two more for each rule about a metric. Rejects as the store does. `now`: milliseconds
 * since 1970.
 */
export async function findAll(
  rules: readonly AppRule[],
  store: Figures,
  now: number,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Finding>>> {
  const totals = new Map<number, readonly AppTotals[]>();
  for (const minutes of new Set(rules.map(windowOf))) {
    totals.set(minutes, await store.summarizeApps(spanOf(minutes, now)));
  }
  const all = new Map<string, ReadonlyMap<string, Finding>>();
  for (const rule of rules) {
    const findings = new Map<string, Finding>();
    for (const app of concernedBy(rule, totals.get(windowOf(rule)) ?? [])) {
      findings.set(app.name, await judge(rule.condition, app, store, now));
    }
    all.set(rule.id, findings);
  }
  return all;
}

/** Silence is told by when something was last received, whatever the window. */
const windowOf = ({ condition }: AppRule): number => (condition.kind === 'silence' ? 1 : condition.windowMinutes);

/** The minute that has begun is the last one. */
function spanOf(minutes: number, now: number) {
  const to = Math.floor(now / MINUTE_MS) + 1;
  return { from: to - minutes, to, stepMinutes: minutes };
}

function concernedBy({ app, enabled }: AppRule, apps: readonly AppTotals[]): readonly AppTotals[] {
  if (!enabled) return [];
  return apps.filter(({ name }) => app === null || name.toLowerCase() === app.toLowerCase());
}

async function judge(condition: AppRule['condition'], app: AppTotals, store: Figures, now: number): Promise<Finding> {
  if (condition.kind !== 'metric') return judgeApp(condition, app, now);
  return judgeMetric(condition, await readMetric(condition, app.appId, store, now));
}

/** What the metric of this name came to in the window; of several units the one that was last heard of. */
async function readMetric(
  { metric, windowMinutes }: MetricCondition,
  appId: number,
  store: Figures,
  now: number,
): Promise<{ unit: string; total: MetricAggregate } | undefined> {
  const span = spanOf(windowMinutes, now);
  const listed = (await store.listMetrics({ appId, from: span.from, to: span.to })).filter(
    ({ name }) => name === metric,
  );
  const [newest] = listed.toSorted((a, b) => b.lastUs - a.lastUs);
  if (newest === undefined) return undefined;
  const choice = { app: { id: appId }, name: metric, unit: newest.unit, by: undefined };
  const range = { from: span.from * MINUTE_MS, to: span.to * MINUTE_MS };
  const { parts } = await queryMetric(store.readMetric, choice, range, () => now);
  const [part] = parts;
  return part && { unit: newest.unit, total: part.total };
}
