import type {
  AppReport,
  AppsReport,
  ExceptionGroup,
  ExceptionsResponse,
  InstancesResponse,
  KeySettingsResponse,
  LatencyResponse,
  MapResponse,
  MetricAggregate,
  MetricSeriesResponse,
  MetricsResponse,
  OperationRow,
  OperationsResponse,
  OverviewResponse,
  Timeline,
} from '@scorpiox/shared/contract';

/** The clock of the fake API. */
export const NOW = '2026-03-21T23:00:00.000Z';

/** The end of every span that it answers: the API widens spans to whole minutes and more, so it lies ahead. */
const SPAN_END = '2026-03-21T23:55:00.000Z';

const minutesBefore = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

const span = {
  from: minutesBefore(24 * 60),
  to: SPAN_END,
  now: NOW,
  kept: { unitSeconds: 3600, since: '2026-01-01T00:00:00.000Z', complete: true },
};

/** An application that does well, with what the test wants to differ. */
export function app(name: string, more: Partial<AppReport> = {}): AppReport {
  const report: Omit<AppReport, 'failureRate'> = {
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
    sparkline: [1, 2, 3, 1, 0],
    state: 'healthy',
    stateReason: { code: 'ok', message: 'Nothing is wrong.' },
    usualIntervalSeconds: 30,
    requestsPerMinute: (more.requests ?? 1000) / 1440,
    requestsBefore: 900,
    failureRateBefore: 0,
    apdex: 0.95,
    apdexMs: 500,
    exceptions: 0,
    newExceptions: 0,
    ...more,
  };
  return { ...report, failureRate: report.requests > 0 ? report.failures / report.requests : null };
}

/** A failing, a silent, a healthy and a never heard-of application, in no order. */
export const fourApps = (): AppReport[] => [
  app('calm', { requests: 500, failures: 1, p95: 80 }),
  app('unheard', {
    lastSeen: null,
    requests: 0,
    p50: null,
    p95: null,
    p99: null,
    apdex: null,
    received: 0,
    sparkline: [],
    failureRateBefore: null,
    state: 'waiting',
    stateReason: { code: 'never', message: 'It has said nothing since it was registered.' },
  }),
  app('quiet', {
    lastSeen: minutesBefore(60),
    requests: 20,
    p95: 5,
    state: 'silent',
    stateReason: { code: 'quiet', message: 'Silent for 1 h; it usually says something every minute.' },
  }),
  app('broken', {
    requests: 2000,
    failures: 300,
    p95: 1234,
    failureRateBefore: 0.03,
    exceptions: 40,
    newExceptions: 2,
    state: 'failing',
    stateReason: { code: 'failures', message: '15% of its requests failed in the last 5 minutes.' },
  }),
];

export const appsAnswer = (apps: readonly AppReport[]): AppsReport => ({ ...span, apps: [...apps], stepSeconds: 1800 });

const STEPS = 48;
const wave = (index: number): number => Math.round(40 + 30 * Math.sin(index / 5));

const timeline = (): Timeline => {
  const steps = Array.from({ length: STEPS }, (_, index) => index);
  return {
    start: span.from,
    stepSeconds: 1800,
    count: steps.map((index) => wave(index) * 30),
    failures: steps.map((index) => (index % 7 === 0 ? 30 : 3)),
    mean: steps.map((index) => wave(index)),
    p50: steps.map((index) => wave(index)),
    p95: steps.map((index) => wave(index) * 3),
    p99: steps.map((index) => (index % 9 === 0 ? null : wave(index) * 6)),
  };
};

export const overviewAnswer = (report: AppReport): OverviewResponse => ({
  ...span,
  eventsSince: minutesBefore(30 * 24 * 60),
  app: report,
  timeline: timeline(),
  exceptions: Array.from({ length: STEPS }, (_, index) => (index % 11 === 0 ? 12 : 0)),
  marks: [{ at: minutesBefore(400), version: '1.4.0' }],
});

export const timelineAnswer = () => ({ ...span, timeline: timeline() });

export const latencyAnswer = (): LatencyResponse => ({
  ...span,
  count: 1000,
  min: 1,
  mean: 30,
  p50: 20,
  p95: 95,
  p99: 190,
  max: 240,
  bars: Array.from({ length: 32 }, (_, index) => ({
    from: 2 ** (index / 4),
    to: 2 ** ((index + 1) / 4),
    count: Math.round(200 * Math.exp(-((index - 17) ** 2) / 30)),
  })),
  apdexMs: 500,
});

export const operation = (name: string, more: Partial<OperationRow> = {}): OperationRow => ({
  name,
  isOther: false,
  count: 1000,
  failures: 10,
  failureRate: 0.01,
  mean: 20,
  p50: 15,
  p95: 60,
  p99: 120,
  max: 400,
  share: 0.25,
  ...more,
});

export const operationsAnswer = (operations: readonly OperationRow[]): OperationsResponse => ({
  ...span,
  total: { names: operations.length, count: 1, failures: 0 },
  operations: [...operations],
  nextCursor: null,
});

export const exceptionGroup = (type: string, more: Partial<ExceptionGroup> = {}): ExceptionGroup => ({
  id: type.padEnd(32, '0'),
  type,
  place: 'Shop.Cart.Add (Cart.cs:41)',
  isOther: false,
  firstSeen: minutesBefore(9000),
  lastSeen: minutesBefore(3),
  isNew: false,
  count: 12,
  users: { count: 4, isExact: true },
  sparkline: [0, 2, 1, 0, 5],
  newest: {
    time: minutesBefore(3),
    message: `${type} in the cart`,
    stack: 'at Shop.Cart.Add (Cart.cs:41)\nat Shop.Api.Post (Api.cs:7)',
    inner: null,
    operationId: 'abc',
    instance: 'web-1',
    version: '1.4.0',
  },
  ...more,
});

export const exceptionsAnswer = (groups: readonly ExceptionGroup[]): ExceptionsResponse => ({
  ...span,
  start: span.from,
  stepSeconds: 1800,
  total: { groups: groups.length, newGroups: 0, count: 12 },
  groups: [...groups],
  nextCursor: null,
});

export function instancesAnswer(): InstancesResponse {
  const counted = {
    firstSeen: minutesBefore(400),
    lastSeen: minutesBefore(1),
    events: 900,
    requests: 300,
    failures: 3,
    failureRate: 0.01,
  };
  return {
    ...span,
    instances: [
      { instance: 'web-1', version: '1.4.0', isOther: false, ...counted },
      { instance: 'web-2', version: '1.3.9', isOther: false, ...counted, lastSeen: minutesBefore(50) },
      { instance: null, version: null, isOther: false, ...counted },
    ],
    versions: [
      { version: '1.4.0', instances: 1, ...counted },
      { version: '1.3.9', instances: 1, ...counted, firstSeen: minutesBefore(5000) },
    ],
    marks: [{ at: minutesBefore(400), version: '1.4.0' }],
  };
}

const call = (from: string, to: string, failureRate = 0) => ({
  from,
  to,
  count: 1000,
  perMinute: 12.5,
  failures: 1000 * failureRate,
  failureRate,
  p50: 12,
  p95: 80,
});

export const mapAnswer = (apps: readonly AppReport[]): MapResponse => ({
  ...span,
  nodes: apps.map(({ name, state }) => ({
    name,
    state,
    count: 10,
    perMinute: 1,
    failures: 0,
    failureRate: 0,
    p50: 1,
    p95: 2,
  })),
  edges: [call('calm', 'broken', 0.15), call('broken', 'quiet')],
});

const metric = (
  name: string,
  more: Partial<MetricsResponse['metrics'][number]>,
): MetricsResponse['metrics'][number] => ({
  name,
  unit: null,
  kind: 'gauge',
  points: 100,
  last: null,
  lastAt: minutesBefore(1),
  ...more,
});

export const metricsAnswer = (): MetricsResponse => ({
  ...span,
  metrics: [
    metric('http.server.request.duration', { unit: 's', kind: 'histogram' }),
    metric('orders', { kind: 'sum' }),
    metric('process.memory', { unit: 'MiB', last: 196.5 }),
  ],
});

const aggregate = (value: number): MetricAggregate => ({
  points: 1,
  count: value,
  sum: value,
  min: value,
  max: value,
  avg: value,
  rate: value / 60,
  last: value,
  p50: value,
  p95: value * 2,
  p99: value * 3,
});

/** A metric of the list above, whole or split by what is asked. */
export function metricSeriesAnswer(query: URLSearchParams): MetricSeriesResponse {
  const found = metricsAnswer().metrics.find(({ name }) => name === query.get('name'));
  const by = query.get('by');
  const steps = Array.from({ length: 24 }, (_, index) => aggregate(index + 1));
  const value = (name: string, total: number) =>
    ({ what: 'value', value: name, total: aggregate(total), steps }) as const;
  return {
    name: query.get('name') ?? '',
    unit: found?.unit ?? null,
    kind: found?.kind ?? null,
    by,
    dimensions: ['http.route', 'host'],
    parts:
      by === null
        ? [{ what: 'all', value: null, total: aggregate(24), steps }]
        : [value('/cart', 9), value('/', 5), { what: 'none', value: null, total: aggregate(1), steps }],
    ...span,
    stepSeconds: 3600,
  };
}

/** A key of `shop`, and one of it that was revoked. */
export function keysAnswer(): KeySettingsResponse {
  const key = (name: string, revokedAt: string | null) => ({
    key: name,
    connectionString: `InstrumentationKey=${name};IngestionEndpoint=http://127.0.0.1:8080`,
    app: 'shop',
    rateLimit: null,
    createdAt: NOW,
    revokedAt,
  });
  return { keys: [key('old-key', NOW), key('shop-key', null)], defaultRateLimit: 1000 };
}
