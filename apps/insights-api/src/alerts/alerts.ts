import { createHash } from 'node:crypto';
import type { AlertTables } from '@scorpiox/shared/database';
import { ALERT_DELIVERIES, ALERT_EVERY_MS, ALERT_GAP_MS, ALERT_KEPT_DAYS, ALERT_LEASE_MS, DAY } from '../limits.ts';
import { Rounds } from '../work/rounds.ts';
import { type Applied, applyRule } from './apply.ts';
import { judgeBacklog } from './conditions.ts';
import { type Attempt, attempt, giveUp, type Send } from './courier.ts';
import { type Figures, findAll, isAboutFresh, isAppRule } from './findings.ts';
import { deliveriesOf, historyOf, noticeOf, recipientsOf } from './notices.ts';
import {
  type Delivery,
  type Rule,
  readDelivery,
  readLook,
  readRule,
  readSubjects,
  type Subjects,
  writeDelivery,
  writeLook,
  writeSubjects,
} from './stored.ts';
import { Unsaved } from './unsaved.ts';

/*
 * Evaluating rules
 *
 * Once a minute, in every API process:
 *
 * 1. Rules about the process itself (`backlog`) are looked at by each process, database or not: `unsaved.ts` says how.
 * 2. Rules about applications are looked at by the one process that holds the lease. What a look changes (states,
 *    history, messages) goes in at once and only under the lease, so that whoever takes over goes on from there.
 * 3. Whoever holds the lease tries the messages that are due. What became of them goes in afterwards: a process that dies
 *    in between leaves them due, so every message goes out at least once; its id says whether it is there already.
 *
 * A look that fails changes nothing: the next one finds the same again.
 */

export interface AlertsDeps {
  readonly tables: AlertTables;
  readonly store: Figures;
  /** Events that wait in this process. */
  readonly backlog: () => Promise<number>;
  /** Whom mails go to. */
  readonly mailTo: () => readonly string[];
  readonly send: Send;
  /** Names this process, as operators know it: a host and a port. */
  readonly instance: string;
  readonly publicUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; ends at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told what an operator should know, as a sentence. */
  readonly warn: (message: string) => void;
}

/** What the page is told of the evaluation. */
export interface AlertsState {
  /** Milliseconds since 1970; absent before the first look. */
  readonly evaluatedAt?: number;
  /** Whether this process looks at the applications. */
  readonly evaluates: boolean;
  readonly problem?: string;
}

export class Alerts {
  readonly #deps: AlertsDeps;
  /** Names this process to the lease; no two are alike. */
  readonly #holder: string = crypto.randomUUID();
  readonly #unsaved = new Unsaved();
  readonly #own = new Map<string, Subjects>();
  readonly #rounds = new Rounds(async (signal) => {
    this.#wake = new AbortController();
    await this.look();
    await this.#deps.pause(ALERT_EVERY_MS, AbortSignal.any([signal, this.#wake.signal]));
  });
  #rules: readonly Rule[] = [];
  #state: AlertsState = { evaluates: false };
  #looking: Promise<void> | undefined;
  #wake = new AbortController();
  #forgotAt = 0;
  #remembers = false;

  constructor(deps: AlertsDeps) {
    this.#deps = deps;
  }

  get state(): AlertsState {
    return this.#state;
  }

  /** Looks once a minute until it is stopped. */
  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    // Who is away cannot be told; the lease ends by itself.
    if (this.#state.evaluates) await this.#deps.tables.dropLease(this.#holder).catch(() => undefined);
  }

  /** Looks now instead of in a minute: a rule has changed. */
  nudge(): void {
    this.#wake.abort();
  }

  /** One look; those that are asked for meanwhile are the same one. Rejects never. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { tables, warn, now } = this.#deps;
    let evaluates = false;
    let problem: string | undefined;
    try {
      this.#rules = (await tables.rules()).flatMap((row) => readRule(row) ?? []);
      await this.#remember();
      evaluates = await tables.takeLease(this.#holder, ALERT_LEASE_MS);
      await this.#lookAtSelf();
      if (evaluates) await this.#lookAtApps();
      if (evaluates) await this.#deliver();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#state.problem)
        warn(`Alerts could not be evaluated; it is tried again in a minute: ${problem}`);
      await this.#lookAtSelf().catch(() => undefined); // the problem is told already
    }
    this.#state = { evaluatedAt: now(), evaluates, ...(problem === undefined ? {} : { problem }) };
  }

  /** What this process knew of itself before it was started again. */
  async #remember(): Promise<void> {
    if (this.#remembers) return;
    const { tables, instance } = this.#deps;
    const stored = new Map((await tables.states()).map(({ id, body }) => [id, body]));
    for (const { id } of this.#rules) this.#own.set(id, readSubjects(stored.get(ownStateId(id, instance))));
    this.#remembers = true;
  }

  async #lookAtSelf(): Promise<void> {
    const { tables, backlog, instance, now } = this.#deps;
    const at = now();
    const rules = this.#rules.filter((rule) => !isAppRule(rule));
    const events = rules.length === 0 ? 0 : await backlog();
    for (const rule of rules) {
      const { condition, enabled } = rule;
      if (condition.kind !== 'backlog') continue;
      const before = this.#own.get(rule.id) ?? new Map();
      const findings = new Map(enabled ? [[instance, judgeBacklog(condition, events)]] : []);
      const applied = applyRule(rule, before, findings, at);
      this.#own.set(rule.id, applied.subjects);
      if (before.size === 0 && applied.subjects.size === 0) continue;
      const { history, deliveries } = this.#told(rule, applied, at);
      this.#unsaved.add(ownStateId(rule.id, instance), writeSubjects(applied.subjects), history, deliveries);
    }
    try {
      await this.#unsaved.save(tables);
    } catch (error) {
      await this.#unsaved.sendDue(this.#by());
      throw error;
    }
  }

  async #lookAtApps(): Promise<void> {
    const { tables, store, now } = this.#deps;
    const at = now();
    const rules = this.#rules.filter(isAppRule);
    const rows = await tables.states();
    const stored = new Map(rows.map(({ id, body }) => [id, body]));
    const all = await findAll(rules, store, at, readLook(stored.get(LOOK_ID)));
    const changes = rules.flatMap((rule) => {
      const body = stored.get(rule.id);
      const before = readSubjects(body);
      const applied = applyRule(rule, before, all.get(rule.id) ?? new Map(), at);
      const after = writeSubjects(applied.subjects);
      return after === body ? [] : [{ id: rule.id, after, ...this.#told(rule, applied, at) }];
    });
    const gone = rows.filter(({ id, body }) => id.includes(' ') && isAbandoned(readSubjects(body), at));
    // When it looked goes in with what it found: a look that failed did not happen.
    const look = rules.some(isAboutFresh) ? [{ id: LOOK_ID, body: writeLook(at) }] : [];
    if (changes.length + gone.length + look.length === 0) return;
    await tables.commit({
      holder: this.#holder,
      states: [
        ...changes.map(({ id, after }) => (after === undefined ? { id } : { id, body: after })),
        ...gone.map(({ id }) => ({ id })),
        ...look,
      ],
      history: changes.flatMap(({ history }) => history),
      deliveries: changes.flatMap(({ deliveries }) => deliveries.map(writeDelivery)),
    });
  }

  #told(rule: Rule, { happenings }: Applied, now: number) {
    const notice = noticeOf(happenings, { rule, now, publicUrl: this.#deps.publicUrl });
    const recipients = recipientsOf(rule, this.#deps.mailTo());
    const deliveries: Delivery[] = notice === undefined ? [] : deliveriesOf(notice, recipients, now);
    return { history: historyOf(rule, happenings, now), deliveries };
  }

  #by(): Attempt {
    const { send, now } = this.#deps;
    return { send, now, signal: this.#rounds.signal };
  }

  async #deliver(): Promise<void> {
    const { tables, now } = this.#deps;
    const due = (await tables.dueDeliveries(ALERT_DELIVERIES)).flatMap((row) => readDelivery(row) ?? []);
    const after = due.length === 0 ? [] : await this.#try(due);
    if (after.length > 0) await tables.commit({ states: [], history: [], deliveries: after.map(writeDelivery) });
    if (now() - this.#forgotAt < DAY / 24) return;
    const { history, deliveries } = ALERT_KEPT_DAYS;
    await tables.forget({ history: now() - history * DAY, deliveries: now() - deliveries * DAY });
    this.#forgotAt = now();
  }

  /** Tries messages; nobody wants those of a rule that is there no more, which is looked up after they were read. */
  async #try(due: readonly Delivery[]): Promise<readonly Delivery[]> {
    const rules = new Set((await this.#deps.tables.rules()).map(({ id }) => id));
    const isWanted = ({ message }: Delivery) => rules.has(message.notice.rule.id);
    const unwanted = due.filter((one) => !isWanted(one)).map((one) => giveUp(one, 'Its rule was removed.'));
    return [...unwanted, ...(await attempt(due.filter(isWanted), this.#by()))];
  }
}

/** Where it stands among the states when applications were last looked at: no rule has this id. */
const LOOK_ID = '00000000-0000-0000-0000-000000000000';

/** Where the state of a rule about a process is: each process has its own. */
const ownStateId = (ruleId: string, instance: string): string =>
  `${ruleId} ${createHash('sha256').update(instance).digest('hex').slice(0, 16)}`;

/** Whether a process has left its state behind: it looks once a minute while it lives. */
const isAbandoned = (subjects: Subjects, now: number): boolean =>
  [...subjects.values()].every(({ state }) => now - state.seenAt > 2 * ALERT_GAP_MS);
