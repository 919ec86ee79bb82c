import type { MetricAggregate } from '@scorpiox/shared/contract';
import { AHEAD_MS, ALERT_EVERY_MS, ALERT_PAST_MS } from '../limits.ts';
import { queryMetric } from '../query/metrics.ts';
import type { AppTotals, Store } from '../store/port.ts';
import type { FreshGroups, Question } from '../store/questions/overview.ts';
import { type AppCondition, type Finding, judgeApp, judgeMetric, type MetricCondition } from './conditions.ts';
import type { Rule } from './stored.ts';

const MINUTE_MS = 60_000;

/** A rule about applications. */
export type AppRule = Rule & { readonly condition: AppCondition | MetricCondition };

export const isAppRule = (rule: Rule): rule is AppRule => rule.condition.kind !== 'backlog';

/** What rules are judged by. */
export interface Figures extends Pick<Store, 'summarizeApps' | 'listMetrics' | 'readMetric'> {
  freshGroups(question: Question<'freshGroups'>): Promise<readonly FreshGroups[]>;
}

export const figuresOf = (store: Pick<Store, 'askOverview' | Exclude<keyof Figures, 'freshGroups'>>): Figures => ({
  ...store,
  freshGroups: (question) => store.askOverview('freshGroups', question),
});

/**
 * What each rule finds of its applications, from sums alone: one question for each length of window, however many rules
 * and applications there are, and two more for each rule about a metric. Rejects as the store does. `now`: milliseconds
 * since 1970; `before`: the look before this one, undefined where there was none.
 */
export async function findAll(
  rules: readonly AppRule[],
  store: Figures,
  now: number,
  before?: number,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Finding>>> {
  const totals = new Map<number, readonly AppTotals[]>();
  for (const minutes of new Set(rules.map(windowOf))) {
    totals.set(minutes, await store.summarizeApps(spanOf(minutes, now)));
  }
  const all = new Map<string, ReadonlyMap<string, Finding>>();
  for (const rule of rules) {
    const findings = new Map<string, Finding>();
    const apps = concernedBy(rule, totals.get(windowOf(rule)) ?? []);
    for (const app of isAboutFresh(rule) ? await withFresh(apps, rule, store, { now, before }) : apps) {
      findings.set(app.name, await judge(rule.condition, app, store, now));
    }
    all.set(rule.id, findings);
  }
  return all;
}

export const isAboutFresh = ({ condition }: Rule): boolean => condition.kind === 'new-exception';

/**
 * New is what was first stored within the window, or since the look before, however late it came: what happens while
 * nobody looks, or waits in a spool, is found by the next look. What was under way to the database at the look before may
 * not have been seen by it, so that one's minute counts again; what is found twice is told once (machine.ts). A past that
 * is brought in by an import is no news.
 */
async function withFresh(
  apps: readonly AppTotals[],
  rule: AppRule,
  store: Figures,
  { now, before = now }: { readonly now: number; readonly before: number | undefined },
): Promise<readonly AppTotals[]> {
  const storedFrom = Math.min(now - windowOf(rule) * MINUTE_MS, before - ALERT_EVERY_MS);
  const fresh = await store.freshGroups({ from: now - ALERT_PAST_MS, to: now + 2 * AHEAD_MS, storedFrom });
  const groups = new Map(fresh.map((one) => [one.appId, one.groups]));
  return apps.map((app) => ({ ...app, newExceptions: groups.get(app.appId) ?? 0 }));
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
