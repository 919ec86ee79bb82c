import { eventHash, type ParsedEvent } from '@scorpiox/shared/telemetry';
import { describe, expect, test } from 'vitest';
import { parseEnvelopeItem } from '../../src/ingest/formats/app-insights.ts';
import { ITEM_METRICS } from '../../src/limits.ts';

interface Given {
  readonly baseType: string;
  readonly baseData?: unknown;
  readonly [field: string]: unknown;
}

function parse({ baseType, baseData = {}, ...envelope }: Given) {
  const value = { name: 'x', time: '2026-11-20T12:00:00.1234567Z', data: { baseType, baseData }, ...envelope };
  return parseEnvelopeItem({ ok: true, value }, 0);
}

function eventsOf(given: Given): readonly ParsedEvent[] {
  const { events } = parse(given);
  if (!events.ok) throw new Error(events.error.message);
  return events.value;
}

const metrics = (count: number) => Array.from({ length: count }, () => ({ name: 'm', value: 1 }));

describe('each baseType', () => {
  test('RequestData', () => {
    const [event] = eventsOf({
      baseType: 'RequestData',
      baseData: {
        id: 'r1',
        name: 'GET /',
        duration: '00:00:00.1083441',
        success: false,
        responseCode: 500,
        url: 'http://a/',
      },
      tags: {
        'ai.operation.id': 'op',
        'ai.operation.parentId': 'parent',
        'ai.cloud.roleInstance': 'i1',
        'ai.application.ver': '1.2',
        'ai.user.id': 'u',
        'ai.session.id': 's',
        'ai.internal.sdkVersion': 'node:2.9.8',
      },
    });
    expect(event).toMatchObject({
      kind: 'request',
      name: 'GET /',
      id: 'r1',
      durationUs: 108_344,
      durationMs: 108,
      success: false,
      code: '500',
      operationId: 'op',
      parentId: 'parent',
      instance: 'i1',
      version: '1.2',
      user: 'u',
      session: 's',
      weight: 1,
      timeMs: Date.parse('2026-11-20T12:00:00.123Z'),
      timeUs: 456,
      timeNs: 700,
      properties: { 'request.url': 'http://a/', 'ai.internal.sdkVersion': 'node:2.9.8' },
    });
  });

  test.each<[string, unknown, object]>([
    [
      'RemoteDependencyData',
      { name: 'SELECT', duration: '0.00:00:01', resultCode: '0', data: 'SELECT 1', type: 'SQL', target: 'db' },
      { kind: 'dependency', name: 'SELECT', durationMs: 1000, success: true, code: '0', message: 'SELECT 1' },
    ],
    [
      'EventData',
      { name: 'bought', measurements: { items: 3, bad: 'x' } },
      { kind: 'event', measurements: { items: 3 }, properties: { bad: 'x' } },
    ],
    [
      'MessageData',
      { message: 'hello', severityLevel: 'Warning' },
      { kind: 'trace', message: 'hello', severity: 'warning' },
    ],
    ['MessageData', { message: 'hello', severityLevel: 4 }, { severity: 'critical' }],
    ['PageViewData', { name: 'Home', url: 'http://a/', duration: '' }, { kind: 'pageView', name: 'Home' }],
    [
      'PageViewPerfData',
      { name: 'Home', perfTotal: '00:00:02' },
      { kind: 'event', name: 'browserTimings', durationMs: 2000 },
    ],
    [
      'AvailabilityData',
      { id: 'a', name: 'ping', duration: '00:00:01', success: true, runLocation: 'EU', message: 'fine' },
      { kind: 'availability', name: 'ping', success: true, properties: { 'availability.location': 'EU' } },
    ],
  ])('%s', (baseType, baseData, expected) => {
    expect(eventsOf({ baseType, baseData })).toMatchObject([expected]);
  });

  test('ExceptionData keeps the type, the stack, and what lies inside', () => {
    const [event] = eventsOf({
      baseType: 'ExceptionData',
      baseData: {
        severityLevel: 3,
        exceptions: [
          { typeName: 'TypeError', message: 'no', parsedStack: [{ level: 0, method: 'f', fileName: 'a.js', line: 7 }] },
          { typeName: 'Cause', message: 'deep', stack: 'at g' },
        ],
      },
    });
    expect(event).toMatchObject({
      kind: 'exception',
      name: 'TypeError',
      message: 'no',
      severity: 'error',
      properties: { 'exception.stack': 'at f (a.js:7)', 'exception.inner': 'Cause: deep\nat g' },
    });
  });

  test('MetricData makes one event for each metric', () => {
    const metrics = [
      { name: 'cpu', value: 0.5 },
      { ns: 'mem', name: 'heap', kind: 1, value: 100, count: 4, min: 10, max: 40, stdDev: 2 },
    ];
    expect(eventsOf({ baseType: 'MetricData', baseData: { metrics } })).toMatchObject([
      { kind: 'metric', name: 'cpu', value: 0.5 },
      { kind: 'metric', name: 'heap', value: 100, measurements: { count: 4, min: 10, max: 40, stdDev: 2 } },
    ]);
  });
});

describe('what makes events two', () => {
  const hashes = (given: Given) => eventsOf(given).map((event) => Buffer.from(eventHash(event)).toString('hex'));

  test('their place among the metrics of an item, which a retry finds again', () => {
    const given = { baseType: 'MetricData', baseData: { metrics: metrics(ITEM_METRICS) } };
    expect(new Set(hashes(given)).size).toBe(ITEM_METRICS);
    expect(hashes(given)).toEqual(hashes(given));
  });

  test('what stands behind the cut of a text that is too long', () => {
    const withStack = (end: string) =>
      hashes({
        baseType: 'ExceptionData',
        baseData: { exceptions: [{ typeName: 'E', message: 'm', stack: 'x'.repeat(8192) + end }] },
      });
    expect(withStack('A')).not.toEqual(withStack('B'));
    expect(withStack('A')).toEqual(withStack('A'));
  });
});

describe('what SDKs get wrong is taken', () => {
  test('required fields that are missing', () => {
    for (const baseType of [
      'RequestData',
      'RemoteDependencyData',
      'PageViewData',
      'AvailabilityData',
      'EventData',
      'MessageData',
      'ExceptionData',
    ]) {
      expect(eventsOf({ baseType })).toHaveLength(1);
    }
  });

  test('texts beyond their length are cut, and the event says so', () => {
    const [event] = eventsOf({
      baseType: 'EventData',
      baseData: { name: 'n'.repeat(5000), properties: { p: 'v'.repeat(9000) } },
    });
    expect(event?.name).toHaveLength(1024);
    expect(event?.adjustments).toHaveLength(2);
  });

  test('values of properties that are no texts', () => {
    const [event] = eventsOf({
      baseType: 'EventData',
      baseData: { name: 'e', properties: { n: 1, o: { a: 1 }, none: null } },
    });
    expect(event?.properties).toEqual({ n: '1', o: '{"a":1}' });
  });

  test('a property nested beyond any stack', () => {
    const properties = JSON.parse(`{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    expect(eventsOf({ baseType: 'EventData', baseData: { name: 'e', properties } })).toHaveLength(1);
  });
});

test.each([
  [25, 4],
  [100, 1],
  [0, 1],
  [-3, 1],
  [250, 1],
  ['50', 2],
  [undefined, 1],
  [1e-8, 1e9],
  [1e-320, 1e9],
])('sampleRate %s weighs %s', (sampleRate, weight) => {
  expect(eventsOf({ baseType: 'EventData', baseData: { name: 'e' }, sampleRate })[0]?.weight).toBe(weight);
});

const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));

test('of as many entries as may be sent those are kept that have a place', () => {
  const [event] = eventsOf({ baseType: 'EventData', baseData: { name: 'e', properties: entries(1_000) } });
  expect(Object.keys(event?.properties ?? {})).toHaveLength(200);
});

test.each([
  ['an unknown baseType', { baseType: 'MagicData' }, 'unknown-type'],
  ['no time', { baseType: 'EventData', time: undefined }, 'bad-time'],
  ['a duration that is none', { baseType: 'RequestData', baseData: { duration: 'soon' } }, 'bad-duration'],
  ['no metric', { baseType: 'MetricData' }, 'missing-field'],
  [
    'a metric too many',
    { baseType: 'MetricData', baseData: { metrics: metrics(ITEM_METRICS + 1) } },
    'too-many-metrics',
  ],
  ['properties without end', { baseType: 'EventData', baseData: { properties: entries(1_001) } }, 'too-many-entries'],
  [
    'measurements without end',
    { baseType: 'EventData', baseData: { measurements: entries(1_001) } },
    'too-many-entries',
  ],
  ['tags without end', { baseType: 'EventData', tags: entries(1_001) }, 'too-many-entries'],
  ['a great many metrics', { baseType: 'MetricData', baseData: { metrics: metrics(300_000) } }, 'too-many-metrics'],
])('%s is an error', (_what, given, reason) => {
  expect(parse(given).events).toMatchObject({ ok: false, error: { reason } });
});

test.each([[null], [[]], ['text'], [1]])('%j is no envelope', (value) => {
  expect(parseEnvelopeItem({ ok: true, value }, 3)).toMatchObject({
    index: 3,
    events: { error: { reason: 'malformed' } },
  });
});

test('the key is the envelope’s own', () => {
  expect(parse({ baseType: 'EventData', iKey: 'k' }).key).toBe('k');
  expect(parse({ baseType: 'EventData' }).key).toBeUndefined();
});
