import type { AppReport } from '@scorpiox/shared/contract';
import {
  appsAnswer,
  exceptionGroup,
  exceptionsAnswer,
  fourApps,
  instancesAnswer,
  keysAnswer,
  latencyAnswer,
  mapAnswer,
  metricSeriesAnswer,
  metricsAnswer,
  operation,
  operationsAnswer,
  overviewAnswer,
  timelineAnswer,
} from './answers.ts';

/** What the fake API answers with: a status and a body, or no answer at all. */
type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

/** An API on the page's side of the network: `fetch` is to be put in the place of the global one. */
export class FakeApi {
  apps: AppReport[] = fourApps();
  signedIn = true;
  role: 'viewer' | 'admin' = 'viewer';
  /** What else it answers, by `METHOD path`. */
  readonly answers = new Map<string, Answer>();
  /** The API is gone: connections are refused. */
  gone = false;
  /** Set to answer `GET /api/apps` with this instead. */
  appsAnswer: Answer | undefined;
  /** Tokens of one-time links that are still good. */
  readonly tokens = new Set<string>();
  /** `METHOD path` of every call, oldest first. */
  readonly calls: string[] = [];
  readonly bodies: unknown[] = [];
  private holding = false;
  private readonly held: (() => void)[] = [];

  /** From now on answers wait until `release`. */
  hold(): void {
    this.holding = true;
  }

  release(): void {
    this.holding = false;
    for (const go of this.held.splice(0)) go();
  }

  /** How many calls have begun with this. */
  count(prefix: string): number {
    return this.calls.filter((call) => call.startsWith(prefix)).length;
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input), 'http://localhost');
    this.calls.push(`${init.method ?? 'GET'} ${url.pathname}${url.search}`);
    if (init.body) this.bodies.push(JSON.parse(String(init.body)));
    if (this.holding) await this.wait(init.signal);
    if (this.gone) throw new TypeError('Failed to fetch');
    const { status, body, headers } = this.answer(init.method ?? 'GET', url, init);
    return new Response(body === undefined ? null : JSON.stringify(body), { status, ...(headers ? { headers } : {}) });
  };

  private wait(signal: AbortSignal | null | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.held.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  }

  private answer(method: string, { pathname: path, searchParams }: URL, init: RequestInit): Answer {
    const special = this.answers.get(`${method} ${path}`);
    if (special !== undefined && this.signedIn) return special;
    const refused = { status: 401, body: { error: { code: 'unauthorized', message: 'Sign in first.' } } };
    if (method === 'POST') return this.signIn(path, JSON.parse(String(init.body))) ? this.session(200) : refused;
    if (!this.signedIn) return refused;
    if (path === '/api/apps') return this.appsAnswer ?? { status: 200, body: appsAnswer(this.apps) };
    if (path === '/api/settings/keys') return { status: 200, body: keysAnswer() };
    if (path === '/api/map') return { status: 200, body: mapAnswer(this.apps) };
    const [, name, what] = /^\/api\/apps\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (name !== undefined && what !== undefined) return this.ofApp(decodeURIComponent(name), what, searchParams);
    if (method === 'DELETE') this.signedIn = false;
    return method === 'DELETE' ? { status: 204 } : this.session(200);
  }

  private session(status: number): Answer {
    return { status, body: { user: 'alice', role: this.role } };
  }

  private signIn(path: string, body: { password?: string; token?: string }): boolean {
    this.signedIn = path.endsWith('/link') ? this.tokens.delete(body.token ?? '') : body.password === 'right';
    return this.signedIn;
  }

  /** What is known of an application. */
  private ofApp(name: string, what: string, query: URLSearchParams): Answer {
    const report = this.apps.find((one) => one.name === name);
    if (report === undefined) {
      return { status: 404, body: { error: { code: 'not-found', message: `There is no application ${name}.` } } };
    }
    const answers: Record<string, () => unknown> = {
      overview: () => overviewAnswer(report),
      timeline: timelineAnswer,
      latency: latencyAnswer,
      operations: () => operationsAnswer([operation('GET /cart', { share: 0.5 }), operation('GET /', { share: 0.1 })]),
      dependencies: () => operationsAnswer([operation('SELECT', { type: 'SQL', target: 'db-1' })]),
      views: () => operationsAnswer([]),
      events: () => operationsAnswer([operation('checkout', { p50: null, p95: null, p99: null })]),
      exceptions: () => exceptionsAnswer([exceptionGroup('NullReference'), exceptionGroup('Timeout', { isNew: true })]),
      instances: instancesAnswer,
      metrics: metricsAnswer,
      'metrics/series': () => metricSeriesAnswer(query),
    };
    return { status: 200, body: answers[what]?.() };
  }
}
