import { err, ok, type Result } from '@scorpiox/shared/result';
import { type EventDraft, makeEvent, type ParsedEvent } from '@scorpiox/shared/telemetry';
import type { Drop } from '../../pipeline/reasons.ts';
import type { FormatItem } from '../item.ts';
import { readLogRecord } from './logs.ts';
import type { LogsRequest, Metric, MetricsRequest, Resource, Scope, TracesRequest } from './messages.ts';
import { toMetricEvent } from './metric-events.ts';
import { readPoints } from './metric-points.ts';
import type { Item } from './schema.ts';
import { type Source, sourceOf } from './source.ts';
import { readSpan } from './spans.ts';

/*
 * Step "parse" for OTLP: the items of a request are its spans, log records and data points, in their order. What
 * surrounds them may be bad as well: a resource or a scope that cannot be read counts as one item, since nobody can tell
 * how many it holds. Items are made one by one, so that whoever counts them can stop.
 */

type Events = Result<readonly ParsedEvent[], Drop>;

const malformed: Drop = { reason: 'malformed', message: 'This is not as its schema says.' };

export const traceItems = (request: TracesRequest): Iterable<FormatItem> =>
  numbered(
    flatten(
      request.resourceSpans,
      ({ resource, scopeSpans }) => ({ resource, groups: scopeSpans }),
      ({ scope, spans }) => ({ scope, records: spans }),
      (span, source) => {
        const drafts = readSpan(span);
        return [drafts === undefined ? err(withoutIds) : toEvents(drafts, source)];
      },
    ),
  );

const withoutIds: Drop = { reason: 'bad-span-id', message: 'A span needs a trace id of 16 bytes and a span id of 8.' };

export const logItems = (request: LogsRequest): Iterable<FormatItem> =>
  numbered(
    flatten(
      request.resourceLogs,
      ({ resource, scopeLogs }) => ({ resource, groups: scopeLogs }),
      ({ scope, logRecords }) => ({ scope, records: logRecords }),
      (record, source) => [toEvents([readLogRecord(record, source)], source)],
    ),
  );

export const metricItems = (request: MetricsRequest): Iterable<FormatItem> =>
  numbered(
    flatten(
      request.resourceMetrics,
      ({ resource, scopeMetrics }) => ({ resource, groups: scopeMetrics }),
      ({ scope, metrics }) => ({ scope, records: metrics }),
      pointEvents,
    ),
  );

function* pointEvents(metric: Metric, source: Source): Iterable<Events> {
  for (const point of readPoints(metric, source)) {
    if (!point.ok) yield point;
    else if (point.value === undefined) yield ok([]);
    else yield toEvents([toMetricEvent(point.value)], { app: source.app, version: source.version });
  }
}

interface ResourceGroup<G> {
  readonly resource: Resource | undefined;
  readonly groups: readonly Item<G>[];
}
interface ScopeGroup<R> {
  readonly scope: Scope | undefined;
  readonly records: readonly Item<R>[];
}

/** The three requests nest alike: resources, scopes in them, records in those. */
function* flatten<P, G, R>(
  resources: readonly Item<P>[],
  ofResource: (one: P) => ResourceGroup<G>,
  ofScope: (one: G) => ScopeGroup<R>,
  read: (record: R, source: Source) => Iterable<Events>,
): Iterable<Events> {
  for (const one of resources) {
    if (!one.ok) yield err(malformed);
    else {
      const { resource, groups } = ofResource(one.value);
      for (const group of groups) {
        if (!group.ok) yield err(malformed);
        else yield* recordsOf(resource, ofScope(group.value), read);
      }
    }
  }
}

function* recordsOf<R>(
  resource: Resource | undefined,
  { scope, records }: ScopeGroup<R>,
  read: (record: R, source: Source) => Iterable<Events>,
): Iterable<Events> {
  const source = sourceOf(resource, scope);
  for (const record of records) {
    if (!record.ok) yield err(malformed);
    else if (!source.ok) yield source;
    else yield* read(record.value, source.value);
  }
}

/** All of an item or nothing; what belongs to the source goes into each event. */
function toEvents(drafts: readonly EventDraft[], source: Partial<Source>): Events {
  const events: ParsedEvent[] = [];
  const { app, instance, version, properties } = source;
  for (const draft of drafts) {
    const made = makeEvent({ app, instance, version, ...draft, properties: { ...properties, ...draft.properties } });
    if (!made.ok) return err({ reason: made.error.code, message: made.error.message });
    events.push(made.value);
  }
  return ok(events);
}

function* numbered(all: Iterable<Events>): Iterable<FormatItem> {
  let index = 0;
  for (const events of all) {
    yield { index, events };
    index += 1;
  }
}
