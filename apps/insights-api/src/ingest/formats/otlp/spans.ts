import type { EventDraft } from '@scorpiox/shared/telemetry';
import { Attributes } from './attributes.ts';
import { isException, takeException } from './exception.ts';
import { spanIdOf, traceIdOf } from './identifiers.ts';
import type { Span, SpanEvent } from './messages.ts';
import { weightOf } from './trace-state.ts';

/*
 * Spans (opentelemetry/proto/trace/v1/trace.proto). What a server or a consumer does is a request, the rest are
 * dependencies. Fields and properties are those that Application Insights' items of the same kind get, so that the two
 * are asked for in one way; attributes that become a field are not repeated as properties.
 */

const KINDS: Readonly<Record<number, string>> = {
  1: 'internal',
  2: 'server',
  3: 'client',
  4: 'producer',
  5: 'consumer',
};
const STATUS = { ok: 1, error: 2 } as const;

/** From this HTTP status on a request has failed, unless the span's own status says otherwise. */
const FAILED_FROM = 400;

/** The span and what happened in it. Undefined where it has no identity: both ids have to be valid. */
export function readSpan(span: Span): readonly EventDraft[] | undefined {
  const traceId = traceIdOf(span.traceId);
  const spanId = spanIdOf(span.spanId);
  if (traceId === undefined || spanId === undefined) return undefined;
  const weight = weightOf(span.traceState ?? '');
  const start = span.startTimeUnixNano ?? 0n;
  const events = span.events.map((event, place) => readSpanEvent(event, { traceId, spanId, place, start, weight }));
  return [readSpanItself(span, traceId, spanId, weight), ...events];
}

function readSpanItself(span: Span, traceId: string, spanId: string, weight: number): EventDraft {
  const attributes = new Attributes(span.attributes);
  const kind = KINDS[span.kind ?? 0];
  const isRequest = kind === 'server' || kind === 'consumer';
  const status = attributes.take('http.response.status_code', 'http.status_code');
  const code = status ?? attributes.take('rpc.response.status_code', 'rpc.grpc.status_code', 'db.response.status_code');
  const typed = isRequest ? requestFields(attributes) : dependencyFields(attributes, kind);
  const user = attributes.take('enduser.id', 'user.id');
  const session = attributes.take('session.id');
  const { properties, measurements } = attributes.split();
  return {
    kind: isRequest ? 'request' : 'dependency',
    time: span.startTimeUnixNano ?? 0n,
    name: span.name || kind || 'span',
    id: spanId,
    spanId,
    traceId,
    operationId: traceId,
    parentId: spanIdOf(span.parentSpanId),
    duration: durationOf(span),
    success: hasSucceeded(span, isRequest ? status : undefined),
    code,
    message: typed.message,
    user,
    session,
    weight,
    properties: { ...properties, ...typed.properties, ...spanProperties(span, kind) },
    measurements,
  };
}

/** Exact: nanoseconds are no doubles. One that has not ended has none. */
function durationOf({ startTimeUnixNano = 0n, endTimeUnixNano = 0n }: Span): string | undefined {
  return endTimeUnixNano === 0n ? undefined : `${endTimeUnixNano - startTimeUnixNano}ns`;
}

function hasSucceeded({ status }: Span, httpStatus: string | undefined): boolean {
  if (status?.code === STATUS.error) return false;
  return status?.code === STATUS.ok || !(Number(httpStatus ?? 0) >= FAILED_FROM);
}

interface Typed {
  readonly message?: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
}

/** Leaves out what is not there. */
function texts(map: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(map).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

function requestFields(attributes: Attributes): Typed {
  const path = attributes.peek('url.path');
  const query = attributes.peek('url.query');
  const url = attributes.take('url.full', 'http.url') ?? attributes.take('http.target');
  const composed = path === undefined ? undefined : `${path}${query === undefined ? '' : `?${query}`}`;
  return { properties: texts({ 'request.url': url ?? composed }) };
}

function dependencyFields(attributes: Attributes, kind: string | undefined): Typed {
  const system = attributes.peek('db.system.name', 'db.system', 'rpc.system.name', 'rpc.system', 'messaging.system');
  const isHttp = attributes.peek('http.request.method', 'http.method') !== undefined;
  const type = system ?? (isHttp ? 'HTTP' : kind === 'internal' ? 'InProc' : undefined);
  const host = attributes.peek('server.address', 'peer.service', 'net.peer.name', 'messaging.destination.name');
  const port = attributes.peek('server.port', 'net.peer.port');
  const target = host !== undefined && port !== undefined ? `${host}:${port}` : host;
  const data = attributes.take('db.query.text', 'db.statement') ?? attributes.take('url.full', 'http.url');
  return { message: data, properties: texts({ 'dependency.type': type, 'dependency.target': target }) };
}

function spanProperties(span: Span, kind: string | undefined): Record<string, string> {
  const links = span.links.map(({ traceId, spanId }) => `${traceId ?? ''}-${spanId ?? ''}`).join(' ');
  return texts({
    'span.kind': kind,
    'span.links': links || undefined,
    'otel.status_description': span.status?.message || undefined,
  });
}

interface Within {
  readonly traceId: string;
  readonly spanId: string;
  readonly place: number;
  /** When the span began: one that does not say when it happened must not keep the span out. */
  readonly start: bigint;
  readonly weight: number;
}

/** An exception that was recorded, or a remark: known by its place in the span, for it has no id of its own. */
function readSpanEvent(event: SpanEvent, { traceId, spanId, place, start, weight }: Within): EventDraft {
  const attributes = new Attributes(event.attributes);
  const thrown = event.name === 'exception' || isException(attributes) ? takeException(attributes) : undefined;
  const { properties, measurements } = attributes.split();
  return {
    time: event.timeUnixNano || start,
    id: `${traceId}-${spanId}-${place}`,
    operationId: traceId,
    parentId: spanId,
    weight,
    measurements,
    ...(thrown === undefined
      ? { kind: 'trace', name: event.name || 'event', message: event.name, properties }
      : { kind: 'exception', ...thrown, properties: { ...properties, ...thrown.properties } }),
  };
}
