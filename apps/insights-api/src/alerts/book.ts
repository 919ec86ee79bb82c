import type { AlertDeliveryState, AlertHistoryResponse, AlertRule, AlertRuleBody } from '@scorpiox/shared/contract';
import type { AlertTables, Control } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { ALERT_DELIVERIES_SHOWN, ALERT_RULES } from '../limits.ts';
import type { Send } from './courier.ts';
import { deliveriesOf, recipientsOf, testNotice, titleOf } from './notices.ts';
import { type Delivery, type Rule, readDelivery, readHistory, readRule, readSubjects } from './stored.ts';
import { problemOf } from './webhook/send.ts';

/** Why a rule cannot be as it is said. */
export interface RuleProblem {
  readonly code: 'not-found' | 'too-many' | 'invalid-value';
  readonly message: string;
  readonly field?: 'app' | 'webhook';
}

export interface BookDeps {
  readonly tables: AlertTables;
  readonly control: Pick<Control, 'findApp'>;
  readonly mailTo: () => readonly string[];
  readonly send: Send;
  readonly publicUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const noSuchRule = () => err<RuleProblem>({ code: 'not-found', message: 'There is no such rule.' });

/** The rules of alerts and what became of them, as people read and change them. Rejects as the database does. */
export class AlertBook {
  readonly #deps: BookDeps;

  constructor(deps: BookDeps) {
    this.#deps = deps;
  }

  /** All rules, by name, each with its subjects that are not ok. */
  async rules(): Promise<AlertRule[]> {
    const { tables } = this.#deps;
    const states = await tables.states();
    const rules = (await tables.rules()).flatMap((row) => readRule(row) ?? []);
    return rules
      .map((rule) => {
        const own = states.filter(({ id }) => id === rule.id || id.startsWith(`${rule.id} `));
        return describe(rule, own);
      })
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || a.id.localeCompare(b.id));
  }

  /** Adds a rule. */
  async add(body: AlertRuleBody): Promise<Result<AlertRule, RuleProblem>> {
    const there = await this.#deps.tables.rules();
    if (there.length >= ALERT_RULES) {
      return err({
        code: 'too-many',
        message: `There are ${ALERT_RULES} rules already; remove one that nobody needs.`,
      });
    }
    return this.#put(crypto.randomUUID(), body);
  }

  /** Changes a rule. What it has found so far stays, as far as it still concerns it. */
  async change(id: string, body: AlertRuleBody): Promise<Result<AlertRule, RuleProblem>> {
    const there = await this.#find(id);
    return there === undefined ? noSuchRule() : this.#put(id, body);
  }

  async remove(id: string): Promise<Result<void, RuleProblem>> {
    // Only an id that is there goes on: the tables take it as the beginning of other ids.
    const isThere = (await this.#deps.tables.rules()).some((one) => one.id === id);
    return isThere && (await this.#deps.tables.removeRule(id)) ? ok(undefined) : noSuchRule();
  }

  /** Sends a test to everybody whom the rule tells, once, now. */
  async test(id: string, signal: AbortSignal): Promise<Result<readonly Delivery[], RuleProblem>> {
    const { mailTo, send, publicUrl, now } = this.#deps;
    const rule = await this.#find(id);
    if (rule === undefined) return noSuchRule();
    const at = now();
    const recipients = recipientsOf(rule, mailTo());
    const tests = deliveriesOf(testNotice({ rule, now: at, publicUrl }), recipients, at);
    const outcomes = tests.map(async ({ id: one, message }): Promise<Delivery> => {
      const outcome = await send(message, signal);
      const [status, problem] =
        outcome.kind === 'delivered' ? (['delivered', null] as const) : (['failed', outcome.problem] as const);
      return { id: one, at, message: { ...message, attempts: 1, status, problem } };
    });
    return ok(await Promise.all(outcomes));
  }

  async deliveries(): Promise<AlertDeliveryState[]> {
    const rows = await this.#deps.tables.deliveries(ALERT_DELIVERIES_SHOWN);
    return rows.flatMap((row) => readDelivery(row) ?? []).map(describeDelivery);
  }

  /** Newest first; `cursor` from the page before. */
  async history(limit: number, cursor: string | undefined): Promise<AlertHistoryResponse> {
    const rows = await this.#deps.tables.history(limit, cursor === undefined ? undefined : readCursor(cursor));
    const last = rows.at(-1);
    return {
      entries: rows.flatMap((row) => readHistory(row) ?? []),
      nextCursor: rows.length < limit || last === undefined ? null : `${last.at}.${last.id}`,
    };
  }

  async #find(id: string): Promise<Rule | undefined> {
    const row = (await this.#deps.tables.rules()).find((one) => one.id === id);
    return row && readRule(row);
  }

  async #put(id: string, body: AlertRuleBody): Promise<Result<AlertRule, RuleProblem>> {
    const { tables, now } = this.#deps;
    const problem = await this.#problemOf(body);
    if (problem !== undefined) return err(problem);
    const changedAt = now();
    await tables.putRule({ id, at: changedAt, body: JSON.stringify(body) });
    return ok(describe({ ...body, id, changedAt }, []));
  }

  async #problemOf({ app, condition, webhook }: AlertRuleBody): Promise<RuleProblem | undefined> {
    if (app === null && condition.kind === 'metric') {
      return {
        code: 'invalid-value',
        field: 'app',
        message: 'A rule about a metric is about one application: name it.',
      };
    }
    if (app !== null && (await this.#deps.control.findApp(app)) === undefined) {
      return { code: 'invalid-value', field: 'app', message: `There is no application named ${JSON.stringify(app)}.` };
    }
    if (webhook === null) return undefined;
    const wrong = URL.canParse(webhook) ? problemOf(new URL(webhook)) : 'A webhook is an https:// or http:// address.';
    return wrong === undefined ? undefined : { code: 'invalid-value', field: 'webhook', message: wrong };
  }
}

function describe({ changedAt, ...rule }: Rule, states: readonly { readonly body: string }[]): AlertRule {
  const subjects = states
    .flatMap(({ body }) => [...readSubjects(body)])
    .map(([subject, { state, message }]) => ({ subject, status: state.status, since: iso(state.since), message }))
    .toSorted(
      (a, b) => Number(b.status === 'firing') - Number(a.status === 'firing') || a.since.localeCompare(b.since),
    );
  return { ...rule, changedAt: iso(changedAt), subjects };
}

function describeDelivery({ id, at, dueAt, message }: Delivery): AlertDeliveryState {
  const { notice, status, attempts, problem } = message;
  return {
    id,
    at: iso(at),
    rule: notice.rule.name,
    to: shownRecipient(message),
    title: titleOf(notice),
    status,
    attempts,
    dueAt: dueAt === undefined ? null : iso(dueAt),
    problem,
  };
}

/** The path of a webhook is often what lets its caller in, so only its site is shown. */
export const shownRecipient = ({ channel, to }: Delivery['message']): string =>
  channel === 'mail' || !URL.canParse(to) ? to : new URL(to).origin;

const CURSOR = /^(\d{1,16})\.(\S{1,64})$/;

/** A cursor that is none begins at the end, where nothing is. */
function readCursor(text: string): { at: number; id: string } {
  const [, at = '0', id = ''] = CURSOR.exec(text) ?? [];
  return { at: Number(at), id };
}
