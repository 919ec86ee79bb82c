import type { AppSummary, AppsResponse } from '@scorpiox/shared/contract';

/** The clock of the fake API. */
export const NOW = '2026-03-21T23:00:00.000Z';

/** The end of every span that it answers: the API widens spans to whole minutes and more, so it lies ahead. */
const SPAN_END = '2026-03-21T23:55:00.000Z';

const minutesBefore = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

/** An application that does well, with what the test wants to differ. */
export const app = (name: string, more: Partial<AppSummary> = {}): AppSummary => ({
  name,
  lastSeen: minutesBefore(1),
  requests: 1000,
  failures: 0,
  p50: 10,
  p95: 50,
  p99: 90,
  received: 3000,
  accepted: 3000,
  duplicates: 0,
  rejected: 0,
  sparkline: [1, 2, 3],
  ...more,
});

/** A failing, a silent, a healthy and a never heard-of application, in no order. */
export const fourApps = (): AppSummary[] => [
  app('calm', { requests: 500, failures: 1, p95: 80 }),
  app('unheard', { lastSeen: null, requests: 0, p50: null, p95: null, p99: null, received: 0, sparkline: [] }),
  app('quiet', { lastSeen: minutesBefore(60), requests: 20, p95: 5 }),
  app('broken', { requests: 2000, failures: 300, p95: 1234 }),
];

/** What the fake API answers with: a status and a body, or no answer at all. */
type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

/** An API on the page's side of the network: `fetch` is to be put in the place of the global one. */
export class FakeApi {
  apps: AppSummary[] = fourApps();
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
    const { status, body, headers } = this.answer(init.method ?? 'GET', url.pathname, init);
    return new Response(body === undefined ? null : JSON.stringify(body), { status, ...(headers ? { headers } : {}) });
  };

  private wait(signal: AbortSignal | null | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.held.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  }

  private answer(method: string, path: string, init: RequestInit): Answer {
    const special = this.answers.get(`${method} ${path}`);
    if (special !== undefined && this.signedIn) return special;
    const refused = { status: 401, body: { error: { code: 'unauthorized', message: 'Sign in first.' } } };
    if (method === 'POST') return this.signIn(path, JSON.parse(String(init.body))) ? this.session(200) : refused;
    if (!this.signedIn) return refused;
    if (path === '/api/apps') return this.appsAnswer ?? { status: 200, body: this.list() };
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

  private list(): AppsResponse {
    return { apps: this.apps, from: minutesBefore(24 * 60), to: SPAN_END, now: NOW, stepSeconds: 1800 };
  }
}
