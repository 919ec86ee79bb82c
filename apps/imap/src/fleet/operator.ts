/**
 * What an operator asks of all workers as of one server. A worker that does not answer in time is not waited for, and is
 * named where the answer would else be wrong.
 */
import type {
  KickReport,
  LogCursor,
  LogsResponse,
  MetricFamily,
  MetricsSnapshot,
  Operator,
  ReloadReport,
  SessionList,
  StartedTrace,
  TraceReport,
  TraceRequest,
} from '../admin/operator.ts';
import { logsTogether, together, tracesTogether } from '../admin/together.ts';
import type { RecentLog } from '../server/recent-log.ts';
import type { WorkerState } from './fleet.ts';
import type { OperatorQuestion } from './messages.ts';
import { NoAnswer } from './questions.ts';

const MS_PER_MINUTE = 60_000;

/** A worker that can be asked. */
export interface Asked {
  readonly worker: number;
  /** Rejects with `NoAnswer`. */
  ask(question: OperatorQuestion): Promise<unknown>;
}

/** Those who are asked, now. */
export interface Workers {
  readonly serving: readonly Asked[];
  readonly states: readonly WorkerState[];
  readonly isStopping: boolean;
}

/** What the primary has itself. */
export interface Own {
  metrics(): MetricsSnapshot;
  readonly recentLog: RecentLog;
}

/** What one of them told, or why it told nothing. */
type Answer<T> = { readonly by: Asked; readonly told: T } | { readonly by: Asked; readonly missing: string };

export class FleetOperator implements Operator {
  readonly #workers: Workers;
  readonly #own: Own;
  /** What each told last: should it not answer, or die, its counters must not fall. */
  readonly #last = new Map<Asked, MetricsSnapshot>();
  /** What those counted who are gone. */
  #departed: MetricsSnapshot = [];
  /** The traces of users that were begun, and until when they run: whoever serves later takes part. */
  readonly #begun = new Map<string, { readonly request: TraceRequest; readonly until: number }>();
  readonly #now: () => number;

  /** @param now milliseconds on a clock that never jumps. */
  constructor(workers: Workers, own: Own, now: () => number) {
    this.#workers = workers;
    this.#own = own;
    this.#now = now;
  }

  /** A worker serves that did not before. Resolves with whether it takes part in all traces that run. */
  async joined(worker: Asked): Promise<boolean> {
    const left = [...this.#begun.values()].flatMap(({ request, until }) =>
      until > this.#now() ? [{ ...request, minutes: (until - this.#now()) / MS_PER_MINUTE }] : [],
    );
    const answers = await Promise.all(
      left.map((request) => askOne<StartedTrace>(worker, { name: 'startTrace', request })),
    );
    return answers.every((answer) => 'told' in answer && answer.told.ok);
  }

  async ready(): Promise<boolean> {
    return !this.#workers.isStopping && this.#workers.serving.length > 0;
  }

  async sessions(): Promise<SessionList> {
    const answers = await this.#ask<SessionList>({ name: 'sessions' });
    return {
      sessions: toldIn(answers)
        .flatMap(({ sessions }) => sessions)
        .sort((a, b) => b.connectedMs - a.connectedMs),
      missing: missingIn(answers),
    };
  }

  async kick(session: string): Promise<KickReport> {
    const answers = await this.#ask<KickReport>({ name: 'kick', session });
    if (toldIn(answers).includes('kicked')) return 'kicked';
    return missingIn(answers).length > 0 ? 'unanswered' : 'no-such-session';
  }

  async reload(): Promise<ReloadReport> {
    const answers = await this.#ask<ReloadReport>({ name: 'reload' });
    const reports = toldIn(answers);
    const report = reports.find(({ ok }) => !ok) ?? reports[0];
    const missing = missingIn(answers);
    if (missing.length > 0) return { ok: false, why: 'unanswered', message: missing.join(' ') };
    return report ?? { ok: false, why: 'unanswered', message: 'No worker serves; each reads it when it starts.' };
  }

  /** Wherever the subject's sessions are, or may be. Where one process cannot, none does: half of a trace misleads. */
  async startTrace(request: TraceRequest): Promise<StartedTrace> {
    const answers = await this.#ask<StartedTrace>({ name: 'startTrace', request });
    const started = toldIn(answers);
    const reports = started.flatMap((one) => (one.ok ? [one.trace] : []));
    const refused = started.filter((one) => !one.ok);
    const failed = refused.find(({ why }) => why !== 'no-such-session');
    const ofUser = 'user' in request.subject;
    const mayLack = missingIn(answers).length > 0 && (ofUser || reports.length === 0);
    if ((failed !== undefined || mayLack) && reports.length > 0) await this.stopTrace(request.id);
    if (failed !== undefined) return failed;
    const [trace] = tracesTogether([reports]);
    if (mayLack || trace === undefined) return (mayLack ? undefined : refused[0]) ?? { ok: false, why: 'unanswered' };
    if (ofUser) this.#begin(request);
    return { ok: true, trace };
  }

  #begin(request: TraceRequest): void {
    for (const [id, { until }] of this.#begun) if (until <= this.#now()) this.#begun.delete(id);
    this.#begun.set(request.id, { request, until: this.#now() + request.minutes * MS_PER_MINUTE });
  }

  async stopTrace(id: string): Promise<TraceReport | undefined> {
    this.#begun.delete(id);
    const answers = await this.#ask<TraceReport | undefined>({ name: 'stopTrace', trace: id });
    return tracesTogether([toldIn(answers).filter((report) => report !== undefined)])[0];
  }

  async traces(): Promise<readonly TraceReport[]> {
    return tracesTogether(toldIn(await this.#ask<readonly TraceReport[]>({ name: 'traces' })));
  }

  async metrics(): Promise<MetricsSnapshot> {
    for (const answer of await this.#ask<MetricsSnapshot>({ name: 'metrics' })) {
      if ('told' in answer) this.#last.set(answer.by, answer.told);
    }
    this.#bury();
    return together([this.#own.metrics(), this.#states(), this.#departed, ...this.#last.values()]);
  }

  async logs(after: LogCursor | undefined): Promise<LogsResponse> {
    const answers = await this.#ask<LogsResponse>({ name: 'logs', after: after ?? null });
    const whole = logsTogether([this.#own.recentLog.after(after), ...toldIn(answers)]);
    return { ...whole, missing: [...missingIn(answers)] };
  }

  /** Those that are gone leave what they counted. */
  #bury(): void {
    for (const [worker, snapshot] of this.#last) {
      if (this.#workers.serving.includes(worker)) continue;
      this.#departed = together([this.#departed, snapshot.filter(({ type }) => type !== 'gauge')]);
      this.#last.delete(worker);
    }
  }

  #states(): MetricsSnapshot {
    const { states } = this.#workers;
    const family = (name: string, type: 'counter' | 'gauge', help: string, of: (state: WorkerState) => number) => {
      const series = states.map((state) => ({ labels: { worker: String(state.worker) }, value: of(state) }));
      return { name, type, help, together: 'sum', series } as const satisfies MetricFamily;
    };
    return [
      family('scorpiox_imap_worker_up', 'gauge', 'Whether the worker serves.', ({ isUp }) => (isUp ? 1 : 0)),
      family(
        'scorpiox_imap_worker_restarts_total',
        'counter',
        'How often the worker was started again.',
        ({ restarts }) => restarts,
      ),
    ];
  }

  /** Asks all together. */
  #ask<T>(question: OperatorQuestion): Promise<readonly Answer<T>[]> {
    return Promise.all(this.#workers.serving.map((by) => askOne<T>(by, question)));
  }
}

/** What it tells is what `Operator` says of the question: it is answered by one of the same program. */
async function askOne<T>(by: Asked, question: OperatorQuestion): Promise<Answer<T>> {
  try {
    return { by, told: (await by.ask(question)) as T };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { by, missing: `Worker ${by.worker}: ${error.message}` };
  }
}

function toldIn<T>(answers: readonly Answer<T>[]): readonly T[] {
  return answers.flatMap((answer) => ('told' in answer ? [answer.told] : []));
}

function missingIn(answers: readonly Answer<unknown>[]): readonly string[] {
  return answers.flatMap((answer) => ('missing' in answer ? [answer.missing] : []));
}
