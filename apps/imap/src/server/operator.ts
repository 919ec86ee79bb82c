/** What this process answers an operator. */
import type {
  KickReport,
  LogCursor,
  LogsResponse,
  MetricsSnapshot,
  Operator,
  ReloadReport,
  SessionList,
  SessionReport,
  StartedTrace,
  TraceReport,
  TraceRequest,
} from '../admin/operator.ts';
import type { Tracer } from '../trace/tracer.ts';
import { gauge, total } from './instruments.ts';
import { sessionFamilies } from './metrics.ts';
import type { RecentLog } from './recent-log.ts';
import type { Reporting } from './reporting.ts';
import type { Tls } from './tls.ts';

/** Who has connections. */
interface Connected {
  readonly connections: Iterable<Reporting>;
}

export interface LocalOperatorDeps {
  readonly tls: Tls;
  readonly listeners: readonly Connected[];
  readonly tracer: Tracer;
  readonly recentLog: RecentLog;
  /** What is counted beside the connections themselves. */
  metrics(): MetricsSnapshot;
}

export class LocalOperator implements Operator {
  readonly #deps: LocalOperatorDeps;
  #draining = false;

  constructor(deps: LocalOperatorDeps) {
    this.#deps = deps;
  }

  /** From now on no client is to be sent here. */
  drain(): void {
    this.#draining = true;
  }

  async ready(): Promise<boolean> {
    return !this.#draining;
  }

  async sessions(): Promise<SessionList> {
    return { sessions: this.#reports(), missing: [] };
  }

  async kick(id: string): Promise<KickReport> {
    for (const connection of this.#connections()) {
      if (connection.id !== id) continue;
      connection.kick();
      return 'kicked';
    }
    return 'no-such-session';
  }

  async reload(): Promise<ReloadReport> {
    const { tls } = this.#deps;
    try {
      await tls.renew();
      return { ok: true, certificate: tls.facts };
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown';
      const message = `The certificate cannot be used, the old one stays in use: ${why}`;
      return { ok: false, why: 'bad-certificate', message };
    }
  }

  async metrics(): Promise<MetricsSnapshot> {
    const { tracer } = this.#deps;
    return [
      ...sessionFamilies(this.#reports()),
      gauge('scorpiox_imap_traces', 'Protocol traces that run.', tracer.running, 'max'),
      total('scorpiox_imap_trace_lines_dropped_total', 'Lines that protocol traces left out.', tracer.dropped),
      ...this.#deps.metrics(),
    ];
  }

  async startTrace(request: TraceRequest): Promise<StartedTrace> {
    return this.#deps.tracer.start(request);
  }

  async stopTrace(id: string): Promise<TraceReport | undefined> {
    return this.#deps.tracer.stop(id);
  }

  async traces(): Promise<readonly TraceReport[]> {
    return this.#deps.tracer.reports();
  }

  async logs(after: LogCursor | undefined): Promise<LogsResponse> {
    return this.#deps.recentLog.after(after);
  }

  #reports(): readonly SessionReport[] {
    const reports = [...this.#connections()].map((connection) => connection.report());
    return reports.sort((a, b) => b.connectedMs - a.connectedMs);
  }

  *#connections(): Iterable<Reporting> {
    for (const { connections } of this.#deps.listeners) yield* connections;
  }
}
