import type { EventRecord, TraceResponse, View } from '@scorpiox/shared/contract';
import { makePredicate, parseQuery } from '@scorpiox/shared/query-language';
import type { FakeApi } from './fake-api.ts';

const FROM = '2026-03-20T23:00:00.000Z';
const TO = '2026-03-21T23:00:00.000Z';
const searched = { from: FROM, to: TO, now: TO, scanned: 5000, partial: null, notes: [] as string[] };

type Answer = { readonly status: number; readonly body?: unknown };
type Partial = { readonly reason: 'time' | 'rows'; readonly reached: string };

const refused = (status: number, message: string): Answer => ({ status, body: { error: { code: 'no', message } } });

/** Searches over the events that a test gives it, as the API answers them; what else is asked for goes to `rest`. */
export class SearchApi {
  events: EventRecord[] = [];
  traces: TraceResponse[] = [];
  views: View[] = [];
  pageSize = 200;
  /** Events that every search reads. */
  scanned = 5000;
  /** Searches give up here: events before it are on the next page. */
  partial: Partial | null = null;
  /** Answers `GET /api/events` with this instead. */
  eventsAnswer: Answer | undefined;
  readonly #rest: FakeApi;

  constructor(rest: FakeApi) {
    this.#rest = rest;
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input), 'http://localhost');
    if (!/^\/api\/(?:events|traces|views|live)/.test(url.pathname)) return this.#rest.fetch(input, init);
    this.#rest.calls.push(`${init.method ?? 'GET'} ${url.pathname}${url.search}`);
    if (init.body) this.#rest.bodies.push(JSON.parse(String(init.body)));
    if (this.#rest.gone) throw new TypeError('Failed to fetch');
    const { status, body } = this.#answer(init.method ?? 'GET', url);
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  };

  #answer(method: string, url: URL): Answer {
    const { pathname: path, searchParams: params } = url;
    if (path.startsWith('/api/views')) return this.#ofViews(method, path);
    if (path.startsWith('/api/traces/')) return this.#trace(decodeURIComponent(path.slice('/api/traces/'.length)));
    const matching = this.#matching(params.get('q') ?? '');
    if (path === '/api/events') return this.eventsAnswer ?? { status: 200, body: this.#list(matching, params) };
    if (path === '/api/events/histogram') return { status: 200, body: this.#histogram(matching) };
    if (path === '/api/events/values') return { status: 200, body: this.#values(matching, params.get('field') ?? '') };
    const event = this.events.find(({ hash }) => path.endsWith(hash));
    return event === undefined ? refused(404, 'There is no such event.') : { status: 200, body: { event } };
  }

  #matching(q: string): EventRecord[] {
    const parsed = parseQuery(q);
    if (!parsed.ok) throw new Error(`a query with a mistake was sent: ${q}`);
    const matches = makePredicate(parsed.value.query);
    return this.events.filter((event) => matches({ ...event, weight: event.count }));
  }

  /** Events from a moment on are those that came since: what the test calls the newest. */
  #list(matching: readonly EventRecord[], params: URLSearchParams) {
    const from = params.get('from') ?? '';
    const asked = from.startsWith('now-') ? matching : matching.filter(({ time }) => time >= from);
    return this.#page(params.get('order') === 'oldest' ? asked.toReversed() : asked, params.get('cursor'));
  }

  #page(matching: readonly EventRecord[], cursor: string | null) {
    const at = Number(cursor ?? 0);
    const { partial } = this;
    const first = partial !== null && at === 0 ? matching.filter(({ time }) => time > partial.reached) : matching;
    const events = first.slice(at, at + this.pageSize);
    const end = at + events.length;
    const more = end < matching.length || (partial !== null && at === 0);
    return {
      ...searched,
      scanned: this.scanned,
      events,
      nextCursor: more ? String(end) : null,
      partial: at === 0 ? partial : null,
    };
  }

  #histogram(matching: readonly EventRecord[]) {
    const failures = matching.filter(({ success, kind }) => success === false || kind === 'exception').length;
    const steps = [
      { count: matching.length, failures },
      { count: 0, failures: 0 },
    ];
    return { ...searched, scanned: this.scanned, stepSeconds: 43_200, steps, total: matching.length };
  }

  #values(matching: readonly EventRecord[], field: string) {
    const counts = new Map<string, number>();
    for (const event of matching) {
      const value = String(Reflect.get(event, field) ?? '');
      if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const values = [...counts].map(([value, count]) => ({ value, count }));
    return { field, values, events: matching.length };
  }

  #trace(id: string): Answer {
    const body = this.traces.find((trace) => trace.id === id);
    return body === undefined ? refused(404, 'There is no event of this operation.') : { status: 200, body };
  }

  #ofViews(method: string, path: string): Answer {
    if (method === 'GET') return { status: 200, body: { views: this.views } };
    if (method === 'DELETE') this.views = this.views.filter(({ id }) => !path.endsWith(id));
    else {
      const asked = this.#rest.bodies.at(-1) as View; // what the page has just sent
      this.views = [...this.views, { ...asked, id: 'new', owner: 'alice', changedAt: TO, mayChange: true }];
    }
    return { status: method === 'POST' ? 201 : 204 };
  }
}
