import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BATCH_ITEMS, BATCH_VALUES, DECODED_BYTES } from '../../src/limits.ts';
import { StoreUnavailable } from '../../src/store/port.ts';
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

const now = () => NOON;
const SPELLINGS: readonly Spelling[] = ['json', 'protobuf'];
const REQUESTS = {
  traces: traces(span()),
  logs: logs({ timeUnixNano: nanos(1), severityNumber: 9, body: { stringValue: 'opened' } }),
  metrics: metrics({ name: 'queue', gauge: { dataPoints: [{ timeUnixNano: nanos(1), asInt: '7' }] } }),
} as const;
type Signal = keyof typeof REQUESTS;
const SIGNALS: readonly Signal[] = ['traces', 'logs', 'metrics'];
const ALL = SPELLINGS.flatMap((spelling) => SIGNALS.map((signal) => [signal, spelling] as const));

describe.each(ALL)('POST /v1/%s in %s', (signal, spelling) => {
  test('is answered with nothing but success in its own type, once or sent again, packed or not', async () => {
    const api = await makeApi({ now });
    const packed = { 'content-encoding': 'gzip' };
    const body = spell(spelling, signal, REQUESTS[signal]);
    for (const answer of [
      await sendOtlp(api, signal, body, spelling),
      await sendOtlp(api, signal, gzipSync(body), spelling, packed),
    ]) {
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toBe(spelling === 'json' ? '{}' : '');
      expect(answer.headers['content-type']).toBe(spelling === 'json' ? 'application/json' : 'application/x-protobuf');
    }
    expect(api.value('SELECT count(*) FROM events')).toBe(1);
    expect(api.value('SELECT duplicates FROM app_counters')).toBe(1);
    expect((await sendOtlp(api, signal, Buffer.from(spelling === 'json' ? '{}' : ''), spelling)).statusCode).toBe(200);
  });

  test('errors are google.rpc.Status', async () => {
    const api = await makeApi({ now });
    const other = { authorization: `Bearer ${randomUUID()}` };
    const body = REQUESTS[signal];
    const cases = [
      [await sendOtlp(api, signal, body, spelling, other), 401, 16],
      [await sendOtlp(api, signal, Buffer.from('{"resource'), spelling), 400, 3],
      [await sendOtlp(api, signal, body, spelling, { 'content-encoding': 'gzip' }), 400, 3],
      [await sendOtlp(api, signal, body, spelling, { 'content-encoding': 'br' }), 415, 3],
      [
        await sendOtlp(api, signal, gzipSync(Buffer.alloc(DECODED_BYTES + 1)), spelling, {
          'content-encoding': 'gzip',
        }),
        413,
        8,
      ],
    ] as const;
    for (const [answer, status, code] of cases) {
      expect(answer.statusCode).toBe(status);
      expect(answer.headers['retry-after']).toBeUndefined();
      if (spelling === 'json') expect(answer.json()).toEqual({ code, message: expect.stringMatching(/\.$/) });
      else expect([...answer.rawPayload.subarray(0, 3)]).toEqual([0x08, code, 0x12]);
    }
  });

  test('what may be sent again says when: 503 with Retry-After', async () => {
    const api = await makeApi({
      now,
      wrap: (store) => ({
        ...store,
        write: async (all) => all.map(() => ({ kind: 'failed', error: new StoreUnavailable('full') })),
      }),
    });
    const answer = await sendOtlp(api, signal, REQUESTS[signal], spelling);
    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    if (spelling === 'json') expect(answer.json()).toMatchObject({ code: 14 });
    else expect([...answer.rawPayload.subarray(0, 2)]).toEqual([0x08, 14]);
  });
});

test('another content type is refused, and a page of any site may send', async () => {
  const api = await makeApi({ now });
  const answer = await sendOtlp(api, 'traces', REQUESTS.traces, 'json', { 'content-type': 'text/plain' });
  expect(answer.statusCode).toBe(415);
  const asked = await api.app.inject({ method: 'OPTIONS', url: '/v1/traces', headers: { origin: 'http://shop' } });
  expect(asked.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'Content-Type, Content-Encoding, Authorization',
  });
});

describe.each(SPELLINGS)('a bad item in %s', (spelling) => {
  test('does not sink its neighbours: rejected ones are counted and told', async () => {
    const api = await makeApi({ now });
    const answer = await sendOtlp(
      api,
      'traces',
      traces(
        span(),
        span({ spanId: '0000000000000000' }),
        span({ spanId: 'aaaaaaaaaaaaaaaa', startTimeUnixNano: '1' }),
        span({ spanId: 'bbbbbbbbbbbbbbbb' }),
      ),
      spelling,
    );
    expect(answer.statusCode).toBe(200);
    if (spelling === 'json') {
      expect(answer.json().partialSuccess).toEqual({
        rejectedSpans: '2',
        errorMessage: expect.stringContaining('1 × A span needs a trace id'),
      });
    } else expect(rejectedIn(answer.rawPayload)).toBe(2);
    expect(api.value('SELECT count(*) FROM events')).toBe(2);
    expect(api.value('SELECT sum(count) FROM app_rejections')).toBe(2);
    expect(api.value("SELECT count FROM app_rejections WHERE reason = 'bad-span-id'")).toBe(1);
  });
});

test('JSON of another type than the schema says is one bad item', async () => {
  const api = await makeApi({ now });
  const answer = await sendOtlp(api, 'traces', traces(span(), span({ spanId: 7 }), { ...span(), attributes: {} }));
  expect(answer.json().partialSuccess).toMatchObject({ rejectedSpans: '2' });
  expect(api.value('SELECT count(*) FROM events')).toBe(1);
});

test('a resource that nobody can read counts as one item, and leaves the others', async () => {
  const api = await makeApi({ now });
  const { resourceSpans } = traces(span());
  const body = { resourceSpans: [...resourceSpans, { resource: 7 }, { scopeSpans: [{ spans: 'none' }] }] };
  expect((await sendOtlp(api, 'traces', body)).json().partialSuccess).toMatchObject({ rejectedSpans: '2' });
  expect(api.value('SELECT count(*) FROM events')).toBe(1);
});

describe('bounds', () => {
  test('a small body of very many messages is too much before they are made', async () => {
    const api = await makeApi({ now });
    const empties = Buffer.alloc(2 * (BATCH_VALUES + 1));
    for (let at = 0; at < empties.length; at += 2) empties[at] = 0x0a;
    expect((await sendOtlp(api, 'traces', empties, 'protobuf')).statusCode).toBe(413);
    const numbers = `{"resourceSpans":[${'0,'.repeat(BATCH_VALUES)}0]}`;
    expect((await sendOtlp(api, 'traces', Buffer.from(numbers))).statusCode).toBe(413);
  });

  test('more spans than a batch may hold', async () => {
    const api = await makeApi({ now });
    const many = Array.from({ length: BATCH_ITEMS + 1 }, (_, i) => ({ spanId: i.toString(16).padStart(16, '0') }));
    expect((await sendOtlp(api, 'traces', traces(...many), 'protobuf')).statusCode).toBe(413);
  });

  test('attributes of a resource that every span would get a copy of', async () => {
    const api = await makeApi({ now });
    const attributes = [attribute('a', 'x'.repeat(40_000))];
    const body = { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span()] }] }] };
    expect((await sendOtlp(api, 'traces', body)).json().partialSuccess).toMatchObject({ rejectedSpans: '1' });
    expect(api.value('SELECT reason FROM app_rejections')).toBe('resource-too-large');
  });

  test('spans that are large together by what they share', async () => {
    const api = await makeApi({ now });
    const attributes = [1, 2, 3].map((i) => attribute(`a${i}`, 'x'.repeat(8000)));
    const spans = Array.from({ length: 5000 }, (_, i) => span({ spanId: (i + 1).toString(16).padStart(16, '0') }));
    const body = { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] };
    expect((await sendOtlp(api, 'traces', body, 'protobuf')).statusCode).toBe(413);
    expect(api.value('SELECT count(*) FROM events')).toBe(0);
  });

  test('values nested without end are one bad item, whether JSON can be made of them or not', async () => {
    const api = await makeApi({ now });
    const nested = (depth: number) => `${'{"arrayValue":{"values":['.repeat(depth)}${']}}'.repeat(depth)}`;
    const withAttribute = (value: string) =>
      Buffer.from(
        JSON.stringify(traces(span(), span({ attributes: [{ key: 'a', value: 7 }] }))).replace(
          '"value":7',
          `"value":${value}`,
        ),
      );
    for (const depth of [100, 100_000]) {
      const answer = await sendOtlp(api, 'traces', withAttribute(nested(depth)));
      expect(answer.json().partialSuccess).toMatchObject({ rejectedSpans: '1' });
    }
    let deep = Buffer.alloc(0);
    for (let depth = 0; depth < 2000; depth += 1) {
      const inner = Buffer.concat([Buffer.from([0x0a]), sized(deep)]);
      deep = Buffer.concat([Buffer.from([0x2a]), sized(inner)]);
    }
    const attributes = Buffer.concat([Buffer.from([0x4a]), sized(Buffer.concat([Buffer.from([0x12]), sized(deep)]))]);
    // ResourceSpans, ScopeSpans, Span around them.
    const scoped = [0x12, 0x12, 0x0a].reduce(
      (bytes, tag) => Buffer.concat([Buffer.from([tag]), sized(bytes)]),
      attributes,
    );
    const answer = await sendOtlp(api, 'traces', scoped, 'protobuf');
    expect(rejectedIn(answer.rawPayload)).toBe(1);
  });
});

/** With its length before it, as three bytes of varint. */
function sized(bytes: Buffer): Buffer {
  const { length } = bytes;
  return Buffer.concat([Buffer.from([(length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14]), bytes]);
}

test('times are exact to the nanosecond, also where a number was written for them', async () => {
  const api = await makeApi({ now });
  const body = JSON.stringify(traces(span({ startTimeUnixNano: nanos(123_456_789) })));
  const bare = body.replace(/"startTimeUnixNano":"(\d+)"/, '"startTimeUnixNano": $1');
  expect(bare).not.toBe(body);
  await sendOtlp(api, 'traces', Buffer.from(bare));
  expect(api.value('SELECT time FROM events')).toBe(NOON * 1000 + 123_456);
  expect(api.value('SELECT time_ns FROM events')).toBe(789);
});

test('one span in both spellings is one event', async () => {
  const api = await makeApi({ now });
  for (const spelling of SPELLINGS) await sendOtlp(api, 'traces', traces(span()), spelling);
  expect(api.value('SELECT count(*) FROM events')).toBe(1);
  expect(api.value('SELECT operation_id FROM events')).toBe(TRACE);
  expect(api.value('SELECT duration_us FROM events')).toBe(108_344);
});
