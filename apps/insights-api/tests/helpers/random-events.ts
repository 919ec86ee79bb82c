import type { NativeEvent } from '@scorpiox/shared/telemetry';
import { EVENT_KINDS, SEVERITIES } from '@scorpiox/shared/telemetry';
import fc from 'fast-check';
import { NOON } from './events.ts';

/** Texts that meet each other and the values of RANDOM_QUERIES, with what databases take for special. */
const words = fc.constantFrom(
  ...[
    'shop',
    'Shop',
    'SHOP ',
    'a%b',
    'a_b',
    'axb',
    '[ab]',
    'a',
    'é',
    'É',
    'Ärger',
    'GET /',
    'GET /cart',
    'get /CART/1',
  ],
  ...[
    "it's",
    'a"b',
    'a\\b',
    'x\ny',
    '😀',
    '*',
    '404',
    '5xx',
    '503',
    '0042',
    '1234567890',
    ' 7',
    '٣',
    'acme',
    '-',
    '^a',
    ']',
  ],
);
const numbers = fc.constantFrom(0, 1, -1, 1.5, 3, 0.1, 1e21, -2.5e-7, 42);
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });

/** Events of a few minutes around NOON, many of them at the same moment. */
export const randomEvents: fc.Arbitrary<Partial<NativeEvent>> = fc
  .record({
    kind: fc.constantFrom(...EVENT_KINDS),
    minutes: fc.integer({ min: -3, max: 3 }),
    name: words,
    id: maybe(fc.integer({ min: 0, max: 1e6 }).map(String)),
    durationMs: maybe(fc.constantFrom(0, 0.5, 1, 100, 500, 500.001, 2000)),
    success: maybe(fc.boolean()),
    code: maybe(words),
    operationId: maybe(words),
    parentId: maybe(words),
    message: maybe(words),
    severity: maybe(fc.constantFrom(...SEVERITIES)),
    value: numbers,
    user: maybe(words),
    session: maybe(words),
    instance: maybe(words),
    version: maybe(words),
    properties: maybe(
      fc.dictionary(fc.constantFrom('tenant', 'Tenant', 'a "key"', 'http.route', '__proto__'), words, { maxKeys: 3 }),
    ),
    measurements: maybe(fc.dictionary(fc.constantFrom('items', 'a "key"'), numbers, { maxKeys: 2 })),
  })
  .map(({ minutes, ...event }) => {
    const time = new Date(NOON + minutes * 60_000).toISOString();
    // What is undefined is left out, as in JSON.
    return JSON.parse(JSON.stringify({ ...event, time })) as Partial<NativeEvent>;
  });

const values = words.map((word) => JSON.stringify(word).replace(/\\n/g, '\n'));
const fields = fc.constantFrom(
  'name',
  'message',
  'status',
  'user',
  'session',
  'operation',
  'id',
  'parent',
  'instance',
  'version',
);
const tests = fc.oneof(
  fc.tuple(fields, fc.constantFrom('', '='), values).map(([field, sign, value]) => `${field}:${sign}${value}`),
  fc.tuple(fields, values, fc.constantFrom('*', '')).map(([field, value, end]) => `${field}:*${value}${end}`),
  fields.map((field) => `${field}:*`),
  values,
  fc.tuple(values, values).map(([a, b]) => `${a}*${b}`),
  fc.constantFrom(...EVENT_KINDS).map((kind) => `kind:${kind}`),
  fc.constantFrom('duration:>500ms', 'duration:0..100ms', 'duration:<=0.5ms', 'duration:500ms', 'duration:*'),
  fc.constantFrom(
    'status:5xx',
    'status:>=400',
    'status:<100',
    'status:42',
    'status:1..503',
    'success:true',
    'success:false',
    'success:*',
  ),
  fc.constantFrom(
    'severity:>=warning',
    'severity:<error',
    'severity:*',
    'value:>1',
    'value:1.5',
    'value:<0',
    'count:1',
    'count:>1',
  ),
  fc
    .tuple(fc.constantFrom('tenant', 'Tenant', '"a \\"key\\""', 'http.route', 'other', '__proto__'), values)
    .map(([key, value]) => `properties.${key}:${value}`),
  fc.constantFrom(
    'properties.tenant:*',
    'properties.tenant:*a*',
    'measurements.items:>1',
    'measurements."a \\"key\\"":<=3',
    'measurements.items:*',
  ),
);

/** Queries of every kind of test, without applications. */
export const randomQueries: fc.Arbitrary<string> = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    tests,
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a} ${b})`),
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a} OR ${b})`),
    tie('query').map((a) => `-(${a})`),
  ),
})).query;
