import type { TraceLog, TraceResponse, TraceSpan } from '@scorpiox/shared/contract';
import type { StoredEvent } from '../../store/raw/raw-port.ts';
import { isoMicros } from '../raw/event-record.ts';
import { TRACE_GAPS } from '../raw/limits.ts';
import { criticalPath, uncovered } from './critical-path.ts';
import { isSpan, type Span, type Stretch, toTree } from './tree.ts';

type Names = ReadonlyMap<number, string>;

/** What `GET /api/traces/:id` answers of the events that were found; at least one. */
export function describeTrace(
  id: string,
  events: readonly StoredEvent[],
  names: Names,
): Omit<TraceResponse, 'cut' | 'notes'> {
  const spans = toTree(events);
  const start = Math.min(...events.map(({ time }) => time));
  const end = Math.max(...events.map(({ time }) => time), ...spans.map(({ to }) => to));
  const ms = (time: number) => (time - start) / 1000;
  const stretch = ({ from, to }: Stretch) => ({ fromMs: ms(from), toMs: ms(to) });
  return {
    id,
    from: isoMicros(start),
    durationMs: ms(end),
    apps: [...new Set(events.map(({ appId }) => names.get(appId) ?? String(appId)))].toSorted(),
    spans: spans.map((span) => describeSpan(spans, span, ms, names)),
    logs: describeLogs(events, spans, ms, names),
    criticalPath: criticalPath(spans).map(({ span, ...part }) => ({ span, ...stretch(part) })),
    gaps: gapsOf(spans).map(({ span, ...part }) => ({ span, ...stretch(part) })),
  };
}

const addressOf = ({ appId, time, hash }: StoredEvent, names: Names) => ({
  app: names.get(appId) ?? String(appId),
  time: isoMicros(time),
  hash,
});

function describeSpan(spans: readonly Span[], span: Span, ms: (time: number) => number, names: Names): TraceSpan {
  const { kind, name, id, parentId, durationMs = 0, success, code, instance } = span.event.details;
  return {
    ...addressOf(span.event, names),
    ...{ kind, name, id: id ?? null, parentId: parentId ?? null },
    ...{ parent: span.parent ?? null, depth: span.depth, startMs: ms(span.from), durationMs },
    ...{ success: success ?? null, code: code ?? null, instance: instance ?? null },
    selfMs: uncovered(spans, span).reduce((sum, { from, to }) => sum + to - from, 0) / 1000,
  };
}

function describeLogs(
  events: readonly StoredEvent[],
  spans: readonly Span[],
  ms: (time: number) => number,
  names: Names,
): TraceLog[] {
  const places = new Map<string | undefined, number>();
  for (const [place, { event }] of spans.entries())
    if (!places.has(event.details.id)) places.set(event.details.id, place);
  return events
    .filter((event) => !isSpan(event))
    .toSorted((a, b) => a.time - b.time)
    .map((event) => {
      const { kind, name, message, severity, parentId } = event.details;
      return {
        ...addressOf(event, names),
        ...{ kind, name, message: message ?? null, severity: severity ?? null },
        span: parentId === undefined ? null : (places.get(parentId) ?? null),
        atMs: ms(event.time),
      };
    });
}

/** The longest stretches of spans with children in which none of those ran. */
function gapsOf(spans: readonly Span[]): readonly (Stretch & { readonly span: number })[] {
  const gaps = spans.flatMap((span, place) =>
    span.children.length === 0 ? [] : uncovered(spans, span).map((part) => ({ span: place, ...part })),
  );
  return gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from).slice(0, TRACE_GAPS);
}
