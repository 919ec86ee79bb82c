import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventHash, makeEvent, type ParsedEvent, parseNativeEvent } from '../../src/telemetry/index.ts';

const BASE = { kind: 'request', time: '2026-03-21T10:00:00Z', name: 'GET /cart' } as const;
const AT = Date.UTC(2026, 2, 21, 10);

function parsed(value: unknown): ParsedEvent {
  const result = parseNativeEvent(value);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const event = (more: Record<string, unknown> = {}) => parsed({ ...BASE, ...more });
const hex = (value: ParsedEvent) => Buffer.from(eventHash(value)).toString('hex');
const hash = (more: Record<string, unknown> = {}) => hex(event(more));

describe('a native event', () => {
  test('with every field becomes its canonical form', () => {
    const { adjustments, ...rest } = event({
      id: 'i',
      app: 'shop',
      durationMs: '00:00:00.1083441',
      success: false,
      code: 500,
      operationId: 'op',
      parentId: 'pa',
      message: 'm',
      severity: 'error',
      value: 1.5,
      unit: 'ms',
      user: 'u',
      session: 's',
      instance: 'in',
      version: '1.2',
      count: 7,
      properties: { b: 1, a: 'x', c: true },
      measurements: { z: 1, y: 2.5 },
    });
    expect(adjustments).toEqual([]);
    expect(rest).toEqual({
      kind: 'request',
      timeMs: AT,
      name: 'GET /cart',
      id: 'i',
      app: 'shop',
      durationUs: 108_344,
      durationMs: 108,
      success: false,
      code: '500',
      operationId: 'op',
      parentId: 'pa',
      message: 'm',
      severity: 'error',
      value: 1.5,
      unit: 'ms',
      user: 'u',
      session: 's',
      instance: 'in',
      version: '1.2',
      weight: 7,
      properties: { a: 'x', b: '1', c: 'true' },
      measurements: { y: 2.5, z: 1 },
    });
  });

  test('null, absent and empty are the same', () => {
    expect(event({ id: null, app: '', properties: {}, durationMs: null })).toEqual(event());
  });

  test.each([
    ['2026-03-21T10:00:00Z', { timeMs: AT }],
    ['2026-03-21T10:00:00', { timeMs: AT }],
    ['2026-03-21 10:00:00.1', { timeMs: AT + 100 }],
    ['2026-03-21T10:00:00.1234567Z', { timeMs: AT + 123, timeUs: 456, timeNs: 700 }],
    ['2026-03-21T10:00:00.000001Z', { timeMs: AT, timeUs: 1 }],
    ['2026-03-21T10:00:00.123456789999Z', { timeMs: AT + 123, timeUs: 456, timeNs: 789 }],
    ['2026-03-21T12:30:00.5+02:30', { timeMs: AT + 500 }],
    ['2026-03-21T02:00:00-0800', { timeMs: AT }],
    ['2026-03-21T09:59:60Z', { timeMs: AT }],
    ['2024-02-29T00:00:00Z', { timeMs: Date.UTC(2024, 1, 29) }],
  ])('time %s', (time, expected) => {
    const { timeMs, timeUs, timeNs } = event({ time });
    expect({ timeMs, timeUs, timeNs }).toEqual({ timeUs: undefined, timeNs: undefined, ...expected });
  });

  test.each([
    [{ time: '2026-02-30T10:00:00Z' }, 'bad-time', 'time'],
    [{ time: '2026-03-21' }, 'bad-time', 'time'],
    [{ time: '2026-03-21T24:00:00Z' }, 'bad-time', 'time'],
    [{ time: '2026-03-21T10:61:00Z' }, 'bad-time', 'time'],
    [{ time: '2026-03-21T10:00:00+99:00' }, 'bad-time', 'time'],
    [{ time: `2026-03-21T10:00:00.${'1'.repeat(999)}Z` }, 'bad-time', 'time'],
    [{ time: 1_774_087_200_000 }, 'wrong-type', 'time'],
    [{ time: undefined }, 'missing-field', 'time'],
    [{ kind: undefined }, 'missing-field', 'kind'],
    [{ kind: 'requests' }, 'unknown-kind', 'kind'],
    [{ kind: 'toString' }, 'unknown-kind', 'kind'],
    [{ name: '' }, 'missing-field', 'name'],
    [{ name: 5 }, 'wrong-type', 'name'],
    [{ durationMs: 'long' }, 'bad-duration', 'durationMs'],
    [{ durationMs: true }, 'wrong-type', 'durationMs'],
    [{ success: 'true' }, 'wrong-type', 'success'],
    [{ severity: 'fatal' }, 'wrong-type', 'severity'],
    [{ count: 0 }, 'wrong-type', 'count'],
    [{ count: 1.5 }, 'wrong-type', 'count'],
    [{ kind: 'metric' }, 'missing-field', 'value'],
    [{ value: Infinity }, 'bad-value', 'value'],
    [{ properties: [] }, 'wrong-type', 'properties'],
    [{ properties: { a: {} } }, 'wrong-type', 'properties'],
    [{ measurements: { a: '1' } }, 'wrong-type', 'measurements'],
    [{ duration: 5 }, 'unknown-field', 'duration'],
    [{ constructor: 5 }, 'unknown-field', 'constructor'],
  ])('%j is refused as %s', (wrong, code, field) => {
    const result = parseNativeEvent({ ...BASE, ...wrong });
    expect(result).toMatchObject({ ok: false, error: { code, field } });
  });

  test('maps without end are refused, and what is no map either', () => {
    const entries = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, i]));
    const problem = (wrong: object) => parseNativeEvent({ ...BASE, ...wrong });
    expect(problem({ measurements: entries })).toMatchObject({ error: { code: 'wrong-type', field: 'measurements' } });
    expect(problem({ properties: entries })).toMatchObject({ error: { code: 'wrong-type', field: 'properties' } });
    expect(problem(entries)).toMatchObject({ error: { code: 'unknown-field', field: 'k0' } });
  });

  test.each([null, [], 'x', 5, undefined])('%j is no event', (value) => {
    expect(parseNativeEvent(value)).toMatchObject({ ok: false, error: { code: 'not-an-object' } });
  });

  test('a problem repeats no value, and no field name that could not be printed', () => {
    const values = [
      { message: 5, name: 'hunter2' },
      { time: 'hunter2' },
      { durationMs: 'hunter2' },
      { 'hunter2 \u001b[0m': 1 },
    ];
    for (const wrong of values)
      expect(JSON.stringify(parseNativeEvent({ ...BASE, ...wrong }))).not.toContain('hunter2');
  });
});

describe('what is too long is cut, and the event says so', () => {
  test('texts, property keys and values', () => {
    const long = event({ name: 'n'.repeat(2000), properties: { ['k'.repeat(200)]: 'v'.repeat(9000) } });
    expect(long.name).toHaveLength(1024);
    const [[key, value] = ['', '']] = Object.entries(long.properties ?? {});
    expect([key.length, value.length]).toEqual([150, 8192]);
    expect(long.adjustments.map(({ what }) => what)).toEqual(['truncated', 'truncated', 'truncated']);
    expect(event({ name: 'n'.repeat(1024) }).adjustments).toEqual([]);
  });

  test('never through the middle of a character', () => {
    const { name } = event({ name: `${'n'.repeat(1023)}😀` });
    expect(name).toBe('n'.repeat(1023));
    expect(event({ name: '\ud83d' }).name).toBe('\ufffd');
  });

  test('entries beyond the bound, and keys that fall together when cut, are dropped and counted', () => {
    const many = Object.fromEntries(Array.from({ length: 205 }, (_, i) => [`k${i}`, 'v']));
    const crowded = event({ properties: many });
    expect(Object.keys(crowded.properties ?? {})).toHaveLength(200);
    expect(crowded.adjustments.filter(({ what }) => what === 'dropped')).toHaveLength(5);
    const twins = event({ properties: { [`${'k'.repeat(150)}1`]: 'a', [`${'k'.repeat(150)}2`]: 'b' } });
    expect(Object.values(twins.properties ?? {})).toEqual(['a']);
    expect(twins.adjustments).toContainEqual({ field: `properties.${'k'.repeat(150)}`, what: 'dropped' });
  });

  test('durations below zero and above 32 bits', () => {
    expect(event({ durationMs: -5 })).toMatchObject({
      durationUs: 0,
      adjustments: [{ field: 'durationMs', what: 'negative' }],
    });
    expect(event({ durationMs: '25.00:00:00' })).toMatchObject({
      durationMs: 2 ** 31 - 1,
      durationUs: 2_160_000_000_000,
      adjustments: [{ field: 'durationMs', what: 'saturated' }],
    });
  });

  test('weights above what sums can hold', () => {
    expect(event({ count: 1e12 })).toMatchObject({
      weight: 1e9,
      adjustments: [{ field: 'count', what: 'saturated' }],
    });
  });

  test('values so small that a SQL Server has none of that size are 0', () => {
    const of = ({ value, adjustments }: ParsedEvent) => [value, adjustments];
    expect(of(event({ value: -(2 ** -1023) }))).toEqual([0, [{ field: 'value', what: 'saturated' }]]);
    expect(of(event({ value: -(2 ** -1022) }))).toEqual([-(2 ** -1022), []]);
    expect(of(event({ value: 0 }))).toEqual([0, []]);
    // Two that differ stay two.
    expect(hash({ value: 5e-324 })).not.toBe(hash({ value: 1e-323 }));
  });

  test('the list of adjustments is bounded for an event that is all mistakes', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, 'v']));
    expect(event({ properties: many }).adjustments.length).toBeLessThanOrEqual(20);
  });

  test('a key named __proto__ is a key like any other', () => {
    const odd = parsed(
      JSON.parse('{"kind":"event","time":"2026-03-21T10:00:00Z","name":"n","properties":{"__proto__":"x"}}'),
    );
    expect(Object.entries(odd.properties ?? {})).toEqual([['__proto__', 'x']]);
  });
});

describe('makeEvent', () => {
  test('takes nanoseconds since the epoch', () => {
    const made = makeEvent({ kind: 'dependency', name: 'n', time: 1_774_087_200_123_456_789n });
    expect(made).toMatchObject({ ok: true, value: { timeMs: AT + 123, timeUs: 456, timeNs: 789, weight: 1 } });
  });

  test.each([-1n, 10n ** 30n])('but not %s of them', (time) => {
    expect(makeEvent({ kind: 'event', name: 'n', time })).toMatchObject({ ok: false, error: { code: 'bad-time' } });
  });

  test('drops a measurement that is no number, and refuses a weight that is none', () => {
    const draft = { kind: 'event', name: 'n', time: BASE.time } as const;
    const made = makeEvent({ ...draft, measurements: { a: NaN, b: 1 } });
    expect(made).toMatchObject({
      ok: true,
      value: { measurements: { b: 1 }, adjustments: [{ field: 'measurements.a', what: 'dropped' }] },
    });
    for (const weight of [0, -1, NaN, Infinity]) {
      expect(makeEvent({ ...draft, weight })).toMatchObject({ ok: false, error: { code: 'bad-value' } });
    }
    expect(makeEvent({ ...draft, weight: 100 / 33 })).toMatchObject({ ok: true, value: { weight: 100 / 33 } });
  });
});

describe('the identity hash', () => {
  test('is 16 bytes, and stays what it was: stored events are recognised by it', () => {
    expect(eventHash(event())).toHaveLength(16);
    expect(hash({ id: 'a' })).toBe('c430da7454fa5c66780e65086ec90fa7');
    expect(hash({ durationMs: 1, properties: { a: 'b' } })).toBe('e010bb0cdae0a2e666f79aacc8e67b4a');
  });

  test('by id: other fields and the name may change, the kind may not', () => {
    const id = 'a';
    expect(hash({ id, name: 'other', message: 'x' })).toBe(hash({ id }));
    expect(hash({ id, kind: 'dependency' })).not.toBe(hash({ id }));
    expect(hash({ id: 'b' })).not.toBe(hash({ id }));
  });

  test('by trace and span where both are there, before the id', () => {
    const span = { ...event({ id: 'a' }), traceId: 't', spanId: 's' };
    expect(hex({ ...span, id: 'b' })).toBe(hex(span));
    expect(hex({ ...span, traceId: 'ts', spanId: '' })).not.toBe(hex({ ...span, traceId: 't', spanId: 's' }));
  });

  test('by content: the order of keys does not matter, anything else does', () => {
    const one = { durationMs: 5, properties: { a: '1', b: '2' }, measurements: { x: 1, y: 2 } };
    const other = { measurements: { y: 2, x: 1 }, properties: { b: '2', a: '1' }, durationMs: 5 };
    expect(hash(one)).toBe(hash(other));
    const variants = [
      {},
      { name: 'GET /car', code: 't' },
      { time: '2026-03-21T10:00:00.0000001Z' },
      { durationMs: 0 },
      { durationMs: 0.001 },
      { success: true },
      { success: false },
      { code: 'x' },
      { operationId: 'x' },
      { parentId: 'x' },
      { message: 'x' },
      { severity: 'error' },
      { value: 0 },
      { unit: 'x' },
      { user: 'x' },
      { session: 'x' },
      { instance: 'x' },
      { version: 'x' },
      { count: 2 },
      { properties: { a: 'b' } },
      { properties: { ab: '' } },
      { properties: { a: 'b', c: 'd' } },
      { properties: { a: 'b1:c1:d' } },
      { properties: { a: '1' } },
      { measurements: { a: 1 } },
    ] as const;
    expect(new Set(variants.map(hash)).size).toBe(variants.length);
  });

  test('by all of a text that is cut', () => {
    const long = 'x'.repeat(9000);
    const pairs = [
      [{ message: `${long.repeat(4)}a` }, { message: `${long.repeat(4)}b` }],
      [{ properties: { p: `${long}a` } }, { properties: { p: `${long}b` } }],
      [{ properties: { [`${long}a`]: 'v' } }, { properties: { [`${long}b`]: 'v' } }],
      [{ id: `${long}a` }, { id: `${long}b` }],
    ] as const;
    for (const [one, other] of pairs) {
      expect(hash(one)).not.toBe(hash(other));
      expect(hash(one)).toBe(hash(one));
    }
    expect(event({ id: long }).id).toHaveLength(512);
    // By its id it is recognised whatever else was cut.
    expect(hash({ id: 'a', message: 'x'.repeat(40_000) })).toBe(hash({ id: 'a' }));
  });

  test('by all entries of a map that has too many', () => {
    const entries = Array.from({ length: 201 }, (_, i) => [`k${i}`, 'v'] as const);
    const dropped = (value: string) => hash({ properties: Object.fromEntries([...entries, ['z', value]]) });
    expect(dropped('a')).not.toBe(dropped('b'));
  });

  test('the application is not part of it: it stands beside the hash', () => {
    expect(hash({ app: 'shop' })).toBe(hash());
  });

  test('two events have the same hash exactly when their content is the same', () => {
    const text = fc.string({ maxLength: 4, unit: fc.constantFrom('a', ':', '1', '0', '\u0000', 'é') });
    const content = fc.record({ message: text, code: text, properties: fc.dictionary(text, text, { maxKeys: 3 }) });
    fc.assert(
      fc.property(content, content, (a, b) => {
        const [x, y] = [event(a), event(b)];
        expect(hex(x) === hex(y)).toBe(JSON.stringify(x) === JSON.stringify(y));
      }),
      { numRuns: 1000 },
    );
  });
});
