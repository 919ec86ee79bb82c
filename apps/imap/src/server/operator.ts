/** What this process answers an operator. */
import type { MetricsSnapshot, Operator, ReloadReport, SessionReport } from '../admin/operator.ts';
import { sessionFamilies } from './metrics.ts';
import type { Reporting } from './reporting.ts';
import type { Tls } from './tls.ts';

/** Who has connections. */
interface Connected {
  readonly connections: Iterable<Reporting>;
}

export interface LocalOperatorDeps {
  readonly tls: Tls;
  readonly listeners: readonly Connected[];
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

  async sessions(): Promise<readonly SessionReport[]> {
    const reports = [...this.#connections()].map((connection) => connection.report());
    return reports.sort((a, b) => b.connectedMs - a.connectedMs);
  }

  async kick(id: string): Promise<boolean> {
    for (const connection of this.#connections()) {
      if (connection.id !== id) continue;
      connection.kick();
      return true;
    }
    return false;
  }

  async reload(): Promise<ReloadReport> {
    const { tls } = this.#deps;
    try {
      await tls.renew();
      return { ok: true, certificate: tls.facts };
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown';
      return { ok: false, message: `The certificate cannot be used, the old one stays in use: ${why}` };
    }
  }

  async metrics(): Promise<MetricsSnapshot> {
    return [...sessionFamilies(await this.sessions()), ...this.#deps.metrics()];
  }

  *#connections(): Iterable<Reporting> {
    for (const { connections } of this.#deps.listeners) yield* connections;
  }
}
