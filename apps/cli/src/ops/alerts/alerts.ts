import { type AlertCondition, type AlertRule, AlertsResponse, AlertTestResponse } from '@scorpiox/shared/contract';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { ApiClient } from '../api/client.ts';
import type { Failure } from '../failure.ts';

// A type rather than an interface: only those are records of printable values, which it is shown as.

/**
 * A rule and what it found, a row for each subject that is not well. `state`: off, ok, pending or firing; `since` and
 * `found` are empty where it is well.
 */
export type ShownRule = {
  readonly rule: string;
  readonly state: string;
  readonly subject: string;
  readonly since: string;
  readonly found: string;
  readonly when: string;
  readonly tells: string;
  readonly id: string;
};

/** Rules with what they found, the worst first; and what keeps them from working, as a sentence. */
export async function listRules(
  api: ApiClient,
): Promise<Result<{ readonly rules: readonly ShownRule[]; readonly problems: readonly string[] }, Failure>> {
  const answer = await api.json(AlertsResponse, 'GET', '/api/alerts');
  if (!answer.ok) return answer;
  const { rules, problem, mailProblem } = answer.value;
  const rows = rules.flatMap(showRule).toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const problems = [problem, rules.some(({ mail }) => mail) ? mailProblem : null];
  return ok({ rules: rows, problems: problems.flatMap((one) => one ?? []) });
}

const ORDER: readonly string[] = ['firing', 'pending', 'ok', 'off'];

function showRule({ id, name, enabled, app, condition, mail, webhook, subjects }: AlertRule): readonly ShownRule[] {
  const rule = {
    when: describe(condition),
    tells: [...(mail ? ['mail'] : []), ...(webhook === null ? [] : [webhook])].join(', '),
    id,
  };
  if (!enabled || subjects.length === 0) {
    const state = enabled ? 'ok' : 'off';
    return [{ rule: name, state, subject: app ?? '', since: '', found: '', ...rule }];
  }
  return subjects.map(({ subject, status, since, message }) => ({
    rule: name,
    state: status,
    subject,
    since,
    found: message,
    ...rule,
  }));
}

/** When a rule fires, in a few words. */
function describe(condition: AlertCondition): string {
  switch (condition.kind) {
    case 'failure-rate':
      return `over ${condition.abovePercent} % of ${condition.minRequests} requests or more fail in ${minutes(condition)}`;
    case 'p95':
      return `p95 of ${condition.minRequests} requests or more over ${condition.aboveMs} ms in ${minutes(condition)}`;
    case 'silence':
      return `nothing received for ${condition.minutes} min`;
    case 'new-exception':
      return `a new exception in ${minutes(condition)}`;
    case 'metric':
      return `${condition.of} of ${condition.metric} ${condition.direction} ${condition.limit} in ${minutes(condition)}`;
    case 'backlog':
      return `over ${condition.aboveEvents} events wait`;
  }
}

const minutes = ({ windowMinutes }: { readonly windowMinutes: number }): string => `${windowMinutes} min`;

/** What became of a test to one recipient; `problem` is empty where it was delivered. */
export type TestOutcome = { readonly to: string; readonly delivered: boolean; readonly problem: string };

/** Sends a test to everybody whom a rule tells. `named`: its name, letter case aside, or its id. */
export async function testRule(api: ApiClient, named: string): Promise<Result<readonly TestOutcome[], Failure>> {
  const answer = await api.json(AlertsResponse, 'GET', '/api/alerts');
  if (!answer.ok) return answer;
  const rule = findRule(answer.value.rules, named);
  if (!rule.ok) return rule;
  const path = `/api/alerts/rules/${encodeURIComponent(rule.value.id)}/test`;
  const tested = await api.json(AlertTestResponse, 'POST', path);
  if (!tested.ok) return tested;
  return ok(tested.value.results.map(({ to, delivered, problem }) => ({ to, delivered, problem: problem ?? '' })));
}

function findRule(rules: readonly AlertRule[], named: string): Result<AlertRule, Failure> {
  const byId = rules.find(({ id }) => id === named);
  const alike = byId === undefined ? rules.filter(({ name }) => name.toLowerCase() === named.toLowerCase()) : [byId];
  const [rule] = alike;
  if (rule !== undefined && alike.length === 1) return ok(rule);
  if (rule === undefined) {
    return err({ kind: 'error', message: `There is no rule ${named}: \`scorpiox alerts list\` shows all.` });
  }
  const ids = alike.map(({ id }) => id).join(', ');
  return err({ kind: 'usage', message: `Several rules are called ${named}: name one by its id (${ids}).` });
}
