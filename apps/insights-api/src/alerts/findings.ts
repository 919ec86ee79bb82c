import type { AppTotals, Store } from '../store/port.ts';
import { type AppCondition, type Finding, judgeApp } from './conditions.ts';
import type { Rule } from './stored.ts';

const MINUTE_MS = 60_000;

/** A rule about applications. */
export type AppRule = Rule & { readonly condition: AppCondition };

export const isAppRule = (rule: Rule): rule is AppRule => rule.condition.kind !== 'backlog';

/**
 * What each rule finds of its applications, from sums alone: one question for each length of window, however many rules
 * and applications there are. Rejects as the store does. `now`: milliseconds since 1970.
 */
export async function findAll(
  rules: readonly AppRule[],
  store: Pick<Store, 'summarizeApps'>,
  now: number,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Finding>>> {
  const windows = new Set(rules.map(windowOf));
  const totals = new Map<number, readonly AppTotals[]>();
  for (const minutes of windows) totals.set(minutes, await store.summarizeApps(spanOf(minutes, now)));
  return new Map(rules.map((rule) => [rule.id, findingsOf(rule, totals.get(windowOf(rule)) ?? [], now)]));
}

/** Silence is told by when something was last received, whatever the window. */
const windowOf = ({ condition }: AppRule): number => (condition.kind === 'silence' ? 1 : condition.windowMinutes);

/** The minute that has begun is the last one. */
function spanOf(minutes: number, now: number) {
  const to = Math.floor(now / MINUTE_MS) + 1;
  return { from: to - minutes, to, stepMinutes: minutes };
}

function findingsOf(rule: AppRule, apps: readonly AppTotals[], now: number): ReadonlyMap<string, Finding> {
  const { app, condition, enabled } = rule;
  const concerned = enabled ? apps.filter(({ name }) => app === null || name.toLowerCase() === app.toLowerCase()) : [];
  return new Map(concerned.map((one) => [one.name, judgeApp(condition, one, now)]));
}
