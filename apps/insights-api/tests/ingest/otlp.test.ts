import { eventHash, type ParsedEvent } from '@scorpiox/shared/telemetry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FormatItem } from '../../src/ingest/formats/item.ts';
import { otlpFormat } from '../../src/ingest/formats/otlp/format.ts';
import { weightOf } from '../../src/ingest/formats/otlp/trace-state.ts';
import { POINT_BUCKETS } from '../../src/limits.ts';
import { NOON } from '../helpers/events.ts';
import { attribute, logs, metrics, nanos, type Spelling, span, spell, TRACE, traces } from '../helpers/otlp.ts';

type Signal = 'traces' | 'logs' | 'metrics';

function items(signal: Signal, body: object, spelling: Spelling = 'protobuf'): readonly FormatItem[] {
  const format = otlpFormat(signal, spelling);
  const bytes = spell(spelling, signal, body);
  const read = format.body === 'text' ? format.read(bytes.toString()) : format.read(bytes);
  if (!read.ok) throw new Error(read.error.message);
  return [...read.value];
}

function events(signal: Signal, body: object): readonly ParsedEvent[] {
  return items(signal, body).flatMap((item) => {
    if (!item.events.ok) throw new Error(item.events.error.message);
    return item.events.value;
  });
}

const only = (signal: Signal, body: object): ParsedEvent => {
  const [event, ...others] = events(signal, body);
  if (event === undefined || others.length > 0) throw new Error(`${others.length + 1} events`);
  return event;
};

describe('spans', () => {
  test('a server is a request, with its ids, exact times, and what resource and scope say', () => {
    const attributes = [
      attribute('http.response.status_code', 200),
      attribute('url.path', '/cart'),
      attribute('url.query', 'x=1'),
      attribute('enduser.id', 'ann'),
      attribute('cart.items', 3),
      attribute('gold', true),
      attribute('tags', ['a', 'b']),
      attribute('huge', 9007199254740993n),
    ];
    const body = span({ attributes, parentSpanId: '00f067aa0ba902b7', startTimeUnixNano: nanos(1_002_003) });
    expect(only('traces', traces(body))).toEqual({
      kind: 'request',
      timeMs: NOON + 1,
      timeUs: 2,
      timeNs: 3,
      name: 'GET /cart',
      id: 'eee19b7ec3c1b174',
      spanId: 'eee19b7ec3c1b174',
      traceId: TRACE,
      operationId: TRACE,
      parentId: '00f067aa0ba902b7',
      durationUs: 107_342,
      durationMs: 107,
      success: true,
      code: '200',
      app: 'cart',
      version: '1.2',
      user: 'ann',
      weight: 1,
      properties: {
        gold: 'true',
        huge: '9007199254740993',
        'otel.scope.name': 'http',
        'otel.scope.version': '2',
        'request.url': '/cart?x=1',
        'service.name': 'cart',
        'span.kind': 'server',
        tags: '["a","b"]',
        'url.path': '/cart',
        'url.query': 'x=1',
      },
      measurements: { 'cart.items': 3 },
      adjustments: [],
    });
  });

  test('a client is a dependency, with what it asked for and whom', () => {
    const attributes = [
      attribute('db.system.name', 'postgresql'),
      attribute('db.query.text', 'SELECT 1'),
      attribute('server.address', 'db.shop'),
      attribute('server.port', 5432),
    ];
    expect(only('traces', traces(span({ kind: 3, attributes, status: { code: 2, message: 'gone' } })))).toMatchObject({
      kind: 'dependency',
      success: false,
      message: 'SELECT 1',
      properties: {
        'dependency.type': 'postgresql',
        'dependency.target': 'db.shop:5432',
        'otel.status_description': 'gone',
      },
    });
  });

  test.each([
    [2, {}, 200, true],
    [2, {}, 404, false],
    [2, {}, 500, false],
    [2, { code: 1 }, 500, true],
    [2, { code: 2 }, 200, false],
    [3, {}, 500, true],
    [5, {}, undefined, true],
  ])('kind %i with status %j and HTTP %s: success %s', (kind, status, code, success) => {
    const attributes = code === undefined ? [] : [attribute('http.status_code', code)];
    expect(only('traces', traces(span({ kind, status, attributes })))).toMatchObject({ success });
  });

  test('a remark without a time is of the time when its span began, and keeps nothing out', () => {
    const body = span({ startTimeUnixNano: nanos(5), events: [{ name: 'retry' }] });
    expect(events('traces', traces(body))).toMatchObject([{ timeNs: 5 }, { name: 'retry', timeNs: 5 }]);
  });

  test('what happened in it: exceptions and remarks, each with an identity of its own', () => {
    const thrown = [
      attribute('exception.type', 'E'),
      attribute('exception.message', 'm'),
      attribute('exception.stacktrace', 'at x'),
    ];
    const inside = [
      { timeUnixNano: nanos(1), name: 'exception', attributes: thrown },
      { timeUnixNano: nanos(1), name: 'exception', attributes: thrown },
      { timeUnixNano: nanos(2), name: 'cache miss', attributes: [attribute('key', 'k')] },
    ];
    const [, ...rest] = events('traces', traces(span({ events: inside })));
    expect(rest).toMatchObject([
      { kind: 'exception', name: 'E', message: 'm', operationId: TRACE, parentId: 'eee19b7ec3c1b174', timeNs: 1 },
      { kind: 'exception', name: 'E', properties: { 'exception.stack': 'at x' } },
      { kind: 'trace', name: 'cache miss', properties: { key: 'k' } },
    ]);
    expect(new Set(rest.map(({ id }) => id)).size).toBe(3);
    expect(rest.every(({ spanId }) => spanId === undefined)).toBe(true);
  });

  test('one that ended before it began keeps its place, with a duration of 0 that is counted', () => {
    const event = only('traces', traces(span({ endTimeUnixNano: nanos(-5) })));
    expect(event).toMatchObject({ durationUs: 0, adjustments: [{ field: 'durationMs', what: 'negative' }] });
    expect(only('traces', traces(span({ endTimeUnixNano: '0' })))).not.toHaveProperty('durationUs');
  });

  test.each([
    ['ot=th:8', 2],
    ['vendor=x,ot=rv:1234;th:c', 4],
    ['ot=th:0', 1],
    ['', 1],
    ['ot=th:nonsense', 1],
    ['ot=th:ffffffffffffff', 2 ** 56],
  ])('trace state %j stands for %d', (state, weight) => {
    expect(weightOf(state)).toBe(weight);
  });
});

describe('log records', () => {
  const record = (fields: object) =>
    only('logs', logs({ timeUnixNano: nanos(7), traceId: TRACE, spanId: 'eee19b7ec3c1b174', ...fields }));

  test('are traces of the span that they were written in, never named by it', () => {
    expect(record({ severityNumber: 13, body: { stringValue: 'low' } })).toMatchObject({
      kind: 'trace',
      name: 'logger',
      message: 'low',
      severity: 'warning',
      operationId: TRACE,
      parentId: 'eee19b7ec3c1b174',
      timeNs: 7,
    });
    expect(record({})).not.toHaveProperty('spanId');
  });

  test('without any time are refused for that, and not for being old', () => {
    const [item] = items('logs', logs({ timeUnixNano: '0', body: { stringValue: 'when?' } }));
    expect(item?.events).toMatchObject({ error: { reason: 'missing-field', message: 'An event needs a time.' } });
  });

  test('with exception attributes are exceptions', () => {
    const attributes = [attribute('exception.type', 'E'), attribute('exception.message', 'm')];
    expect(record({ severityNumber: 17, body: { stringValue: 'failed' }, attributes })).toMatchObject({
      kind: 'exception',
      name: 'E',
      message: 'm',
      severity: 'error',
      properties: { 'log.body': 'failed' },
    });
  });

  test.each([
    [{ severityNumber: 1 }, 'verbose', undefined],
    [{ severityNumber: 8 }, 'verbose', undefined],
    [{ severityNumber: 12, severityText: 'info' }, 'information', undefined],
    [{ severityNumber: 16, severityText: 'NOTICE' }, 'warning', 'NOTICE'],
    [{ severityNumber: 24 }, 'critical', undefined],
    [{ severityText: 'Error' }, 'error', undefined],
    [{ severityText: 'odd' }, undefined, undefined],
    [{ severityNumber: 99 }, undefined, undefined],
  ])('severity of %j', (fields, severity, word) => {
    const event = record(fields);
    expect(event.severity).toBe(severity);
    expect(event.properties?.['otel.severity_text']).toBe(word);
  });

  test('structure becomes JSON; the time is the observed one where there is no other; a uid is the id', () => {
    const body = {
      kvlistValue: {
        values: [attribute('a', 1), { key: 'b', value: { arrayValue: { values: [{ bytesValue: 'AQI=' }] } } }],
      },
    };
    const attributes = [attribute('log.record.uid', 'u1')];
    const event = record({ timeUnixNano: '0', observedTimeUnixNano: nanos(9), body, attributes });
    expect(event).toMatchObject({ message: '{"a":1,"b":["AQI="]}', id: 'u1', timeNs: 9 });
  });
});

describe('data points', () => {
  const point = (fields: object) => ({ timeUnixNano: nanos(5), startTimeUnixNano: nanos(0), ...fields });
  const refusals = (metric: object) =>
    items('metrics', metrics(metric)).map(({ events: its }) => (its.ok ? 'taken' : its.error.reason));

  test('points are metric events that keep the point whole, with their dimensions as texts', () => {
    const attributes = [attribute('code', 200)];
    const all = events(
      'metrics',
      metrics(
        { name: 'g', unit: 'By', gauge: { dataPoints: [point({ asInt: '-7', attributes })] } },
        { name: 's', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [point({ asDouble: 2.5 })] } },
        { name: 'l', sum: { aggregationTemporality: 2, dataPoints: [point({ asInt: '4' })] } },
        { name: 'c', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point({ asInt: '9' })] } },
        {
          name: 'h',
          histogram: {
            aggregationTemporality: 1,
            dataPoints: [point({ count: '3', sum: 6, min: 1, max: 3, bucketCounts: ['1', '2'], explicitBounds: [2] })],
          },
        },
        {
          name: 'e',
          exponentialHistogram: {
            aggregationTemporality: 1,
            dataPoints: [
              point({ count: '3', sum: 6, scale: -2, zeroCount: '1', positive: { offset: -3, bucketCounts: ['2'] } }),
            ],
          },
        },
        { name: 'n', histogram: { aggregationTemporality: 2, dataPoints: [point({ count: '2' })] } },
        {
          name: 'y',
          summary: {
            dataPoints: [
              point({
                count: '1',
                sum: 4,
                quantileValues: [
                  { quantile: 0.5, value: 4 },
                  { quantile: 1, value: 'NaN' },
                ],
              }),
            ],
          },
        },
      ),
    );
    expect(all).toMatchObject([
      {
        kind: 'metric',
        name: 'g',
        unit: 'By',
        value: -7,
        properties: { code: '200', 'service.name': 'cart' },
        timeNs: 5,
        metric: { kind: 'gauge', value: -7, dimensions: ['code'] },
      },
      { name: 's', value: 2.5, metric: { kind: 'sum', temporality: 'delta', monotonic: true, start: nanos(0) } },
      { name: 'l', value: 4, metric: { kind: 'sum', temporality: 'cumulative', monotonic: false, value: 4 } },
      { name: 'c', value: 9, metric: { kind: 'sum', temporality: 'cumulative', monotonic: true, value: 9 } },
      {
        name: 'h',
        value: 6,
        measurements: { count: 3, min: 1, max: 3 },
        metric: { kind: 'histogram', bounds: [2], counts: [1, 2], dimensions: [] },
      },
      {
        name: 'e',
        value: 6,
        measurements: { count: 3 },
        metric: { kind: 'exponential-histogram', scale: -2, zeroCount: 1, positive: { offset: -3, counts: [2] } },
      },
      { name: 'n', measurements: { count: 2 }, metric: { kind: 'histogram', temporality: 'cumulative', count: 2 } },
      { name: 'y', value: 4, metric: { kind: 'summary', quantiles: [{ quantile: 0.5, value: 4 }] } },
    ]);
    expect(all[6]).not.toHaveProperty('value');
  });

  test('points of one stream that differ in their start alone are two', () => {
    const started = (start: number) =>
      metrics({
        name: 'c',
        sum: {
          aggregationTemporality: 2,
          isMonotonic: true,
          dataPoints: [{ timeUnixNano: nanos(5), startTimeUnixNano: nanos(start), asInt: '9' }],
        },
      });
    const [one, other, again] = [0, 1, 0].map((start) => events('metrics', started(start))[0]);
    if (one === undefined || other === undefined || again === undefined) throw new Error('no event');
    expect(eventHash(one)).not.toEqual(eventHash(other));
    expect(eventHash(one)).toEqual(eventHash(again));
  });

  test('what contradicts itself, or has too many buckets, is refused point by point', () => {
    const sums = (aggregationTemporality: number, ...dataPoints: object[]) => ({
      name: 's',
      sum: { aggregationTemporality, isMonotonic: true, dataPoints },
    });
    const buckets = (fields: object) => ({
      name: 'h',
      histogram: { aggregationTemporality: 1, dataPoints: [point({ count: '1', sum: 1, ...fields })] },
    });
    expect(refusals(sums(2, point({ asInt: '1' }), point({ asInt: '2' })))).toEqual(['taken', 'taken']);
    expect(refusals(sums(0, point({ asInt: '1' })))).toEqual(['bad-point']);
    expect(refusals(sums(1, point({}), point({ asInt: '1' })))).toEqual(['bad-point', 'taken']);
    expect(refusals(buckets({ bucketCounts: ['1'], explicitBounds: [1] }))).toEqual(['bad-point']);
    expect(refusals(buckets({ bucketCounts: ['1', '0', '0'], explicitBounds: [2, 1] }))).toEqual(['bad-point']);
    expect(refusals(buckets({ bucketCounts: ['1', '0'], explicitBounds: ['Infinity'] }))).toEqual(['bad-point']);
    const many = Array.from({ length: POINT_BUCKETS + 1 }, () => '0');
    expect(refusals(buckets({ bucketCounts: many, explicitBounds: many.slice(1).map((_, i) => i) }))).toEqual([
      'bad-point',
    ]);
    expect(
      refusals({
        name: 'e',
        exponentialHistogram: {
          aggregationTemporality: 1,
          dataPoints: [point({ count: '0', scale: 0, positive: { offset: 0, bucketCounts: many } })],
        },
      }),
    ).toEqual(['bad-point']);
    expect(refusals({ name: 'y', summary: { dataPoints: [point({ count: '1', sum: 'Infinity' })] } })).toEqual([
      'bad-point',
    ]);
    expect(refusals({ name: 'g', gauge: { dataPoints: [point({ asDouble: Number.NaN })] } })).toEqual(['bad-point']);
  });

  test('a point that says there is no value is taken and gives nothing', () => {
    expect(items('metrics', metrics({ name: 'g', gauge: { dataPoints: [point({ flags: 1 })] } }))).toEqual([
      { index: 0, events: { ok: true, value: [] } },
    ]);
  });
});

test('protobuf and JSON of the same request are read alike', () => {
  const value = fc.oneof(
    fc.string().map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => ({ intValue: String(n) })),
    // `+ 0` makes 0 of -0: JSON.stringify, which spells the body here, cannot write -0.
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => ({ doubleValue: number + 0 })),
  );
  const attributes = fc.array(fc.record({ key: fc.string({ minLength: 1 }), value }), { maxLength: 5 });
  const id = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
  const anySpan = fc.record({
    traceId: id(32),
    spanId: id(16),
    name: fc.string(),
    kind: fc.integer({ min: 0, max: 5 }),
    startTimeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
    endTimeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
    attributes,
    status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: fc.string() }),
    events: fc.array(fc.record({ timeUnixNano: fc.constant(nanos(1)), name: fc.string(), attributes }), {
      maxLength: 2,
    }),
  });
  fc.assert(
    fc.property(fc.array(anySpan, { maxLength: 4 }), (spans) => {
      const body = traces(...spans);
      expect(items('traces', body, 'protobuf')).toEqual(items('traces', body, 'json'));
    }),
  );
});
