import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeApi } from '../helpers/api.ts';
import { NOON } from '../helpers/events.ts';
import {
  attribute,
  logs,
  metrics,
  nanos,
  rejectedIn,
  type Spelling,
  sendOtlp,
  span,
  spell,
  TRACE,
  traces,
} from '../helpers/otlp.ts';

// Whatever octets come: an answer that puts the blame on them, or 200; no memory kept; the next good batch is taken.

const attributes = [attribute('a', 1), attribute('b', [true, 'x', 2.5]), attribute('c', 'ü')];
const times = { startTimeUnixNano: nanos(1), timeUnixNano: nanos(2) };
const BODIES = {
  traces: traces(
    span({
      attributes,
      events: [{ timeUnixNano: nanos(3), name: 'exception', attributes }],
      links: [{ traceId: TRACE }],
    }),
    span({ spanId: 'aaaaaaaaaaaaaaaa', traceState: 'ot=th:8', status: { code: 2, message: 'm' } }),
  ),
  logs: logs({
    timeUnixNano: nanos(1),
    severityNumber: 9,
    body: { stringValue: 'opened' },
    attributes,
    traceId: TRACE,
  }),
  metrics: metrics(
    { name: 'g', unit: 'By', gauge: { dataPoints: [{ ...times, asInt: '7', attributes }] } },
    { name: 's', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [{ ...times, asDouble: 7 }] } },
    {
      name: 'h',
      histogram: {
        aggregationTemporality: 1,
        dataPoints: [{ ...times, count: '3', sum: 4, bucketCounts: ['1', '2'], explicitBounds: [1] }],
      },
    },
    {
      name: 'e',
      exponentialHistogram: {
        aggregationTemporality: 1,
        dataPoints: [{ ...times, count: '3', sum: 4, scale: 3, positive: { offset: -1, bucketCounts: ['3'] } }],
      },
    },
    {
      name: 'y',
      summary: { dataPoints: [{ ...times, count: '1', sum: 1, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
    },
  ),
} as const;
const SIGNALS = ['traces', 'logs', 'metrics'] as const;
const SPELLINGS: readonly Spelling[] = ['json', 'protobuf'];

/** What may befall octets on their way, or by malice. */
type Damage = (bytes: Buffer, dice: () => number) => Buffer;
const at = (bytes: Buffer, dice: () => number) => dice() % Math.max(1, bytes.length);
const DAMAGES: readonly Damage[] = [
  (bytes, dice) => bytes.subarray(0, at(bytes, dice)),
  (bytes, dice) => {
    const place = at(bytes, dice);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << (dice() % 8));
    return bytes;
  },
  (bytes, dice) => bytes.fill(dice() & 0xff, at(bytes, dice)),
  (bytes, dice) => Buffer.concat([bytes.subarray(at(bytes, dice)), bytes.subarray(0, at(bytes, dice))]),
  (bytes, dice) => {
    const place = at(bytes, dice);
    return Buffer.concat([
      bytes.subarray(0, place),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f]),
      bytes.subarray(place),
    ]);
  },
  (_bytes, dice) => Buffer.from(Array.from({ length: dice() % 200 }, () => dice() & 0xff)),
];

test('damaged bodies of every kind are the sender’s fault or taken, and leave nothing behind', {
  timeout: 120_000,
}, async () => {
  const api = await makeApi({ now: () => NOON });
  const cases = fc.record({
    signal: fc.constantFrom(...SIGNALS),
    spelling: fc.constantFrom(...SPELLINGS),
    damages: fc.array(fc.constantFrom(...DAMAGES), { minLength: 1, maxLength: 4 }),
    packed: fc.constantFrom('no', 'before', 'after'),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ signal, spelling, damages, packed, seed }) => {
      let state = seed;
      const dice = () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        return state >>> 8;
      };
      const whole = Buffer.from(spell(spelling, signal, BODIES[signal]));
      let bytes: Buffer = packed === 'before' ? gzipSync(whole) : whole;
      for (const damage of damages) bytes = damage(Buffer.from(bytes), dice);
      if (packed === 'after') bytes = gzipSync(bytes);
      const headers: Record<string, string> = packed === 'no' ? {} : { 'content-encoding': 'gzip' };
      const answer = await sendOtlp(api, signal, bytes, spelling, headers);
      expect([200, 400, 413]).toContain(answer.statusCode);
      expect(api.memoryTaken()).toBe(0);
    }),
    { numRuns: 1500 },
  );
  expect(api.log()).not.toContain('a request failed');
  for (const signal of SIGNALS) expect((await sendOtlp(api, signal, BODIES[signal])).statusCode).toBe(200);
});

test('a flipped bit in one span leaves the other one, wherever it does not lie in a length', async () => {
  const good = traces(span(), span({ spanId: 'aaaaaaaaaaaaaaaa' }));
  const bytes = Buffer.from(spell('protobuf', 'traces', good));
  const place = bytes.indexOf(Buffer.from('eee19b7ec3c1b174', 'hex'));
  bytes[place - 2] = 0x10; // the field's tag says varint now
  const api = await makeApi({ now: () => NOON });
  const answer = await sendOtlp(api, 'traces', bytes, 'protobuf');
  expect(answer.statusCode).toBe(200);
  expect(rejectedIn(answer.rawPayload)).toBe(1);
  expect(api.value('SELECT id FROM events')).toBe('aaaaaaaaaaaaaaaa');
});
