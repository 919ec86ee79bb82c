import type { TestApi } from './api.ts';
import { NOON } from './events.ts';
import { toProtobuf } from './otlp-protobuf.ts';

export const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';

/** Nanoseconds after NOON, as OTLP's JSON writes times. */
export const nanos = (after: bigint | number): string => String(BigInt(NOON) * 1_000_000n + BigInt(after));

export const attribute = (key: string, value: unknown) => ({ key, value: anyValue(value) });

function anyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

export const span = (fields: object = {}) => ({
  traceId: TRACE,
  spanId: SPAN,
  name: 'GET /cart',
  kind: 2,
  startTimeUnixNano: nanos(0),
  endTimeUnixNano: nanos(108_344_100),
  ...fields,
});

const resource = { attributes: [attribute('service.name', 'cart'), attribute('service.version', '1.2')] };

export const traces = (...spans: readonly object[]) => ({
  resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'http', version: '2' }, spans }] }],
});
export const logs = (...logRecords: readonly object[]) => ({
  resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'logger' }, logRecords }] }],
});
export const metrics = (...all: readonly object[]) => ({
  resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'meter' }, metrics: all }] }],
});

export type Spelling = 'json' | 'protobuf';
const CONTENT_TYPE = { json: 'application/json', protobuf: 'application/x-protobuf' } as const;

export const spell = (spelling: Spelling, signal: string, body: object): Buffer =>
  spelling === 'json' ? Buffer.from(JSON.stringify(body)) : toProtobuf(signal, body);

/** Sends a request; an object is spelled, bytes go as they are. */
export async function sendOtlp(
  api: TestApi,
  signal: string,
  body: object | Buffer,
  spelling: Spelling = 'json',
  headers: Record<string, string> = {},
) {
  const payload = Buffer.isBuffer(body) ? body : spell(spelling, signal, body);
  return await api.app.inject({
    method: 'POST',
    url: `/v1/${signal}`,
    payload,
    headers: { authorization: `Bearer ${api.key}`, 'content-type': CONTENT_TYPE[spelling], ...headers },
  });
}

/** How many items a partial success in protobuf says were rejected: one message, whose first field is the number. */
export function rejectedIn(answer: Buffer): number | undefined {
  const start = answer.findIndex((byte, at) => at > 0 && byte < 0x80) + 1; // behind the tag and the length
  return answer[start] === 0x08 ? answer[start + 1] : undefined;
}
