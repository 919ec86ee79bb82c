import type { EventDraft, Severity } from '@scorpiox/shared/telemetry';
import { ITEM_METRICS } from '../../limits.ts';
import { readException } from './app-insights-exception.ts';
import { asBoolean, asFields, asNumber, asText, type Fields, textMap } from './fields.ts';

/** What a baseType adds to the fields that all have in common; an item of metrics makes one event per metric. */
type TypedFields = Omit<EventDraft, 'time'>;
type ReadBase = (base: Fields, tags: Fields) => readonly TypedFields[];

const SEVERITY: readonly Severity[] = ['verbose', 'information', 'warning', 'error', 'critical'];

/** 0 to 4, or the level's name in any letter case. */
function readSeverity(value: unknown): Severity | undefined {
  const text = asText(value)?.toLowerCase();
  return SEVERITY.find((name, level) => name === text || String(level) === text);
}

/** Page views come with an empty duration now and then: that is none. A wrong one is the event's error. */
const readDuration = (value: unknown) => (value === null || value === '' ? undefined : value);

const operationName = (tags: Fields) => asText(tags['ai.operation.name']);

const readRequest: ReadBase = (base, tags) => [
  {
    kind: 'request',
    name: asText(base.name) ?? operationName(tags) ?? asText(base.url) ?? 'request',
    id: asText(base.id),
    duration: readDuration(base.duration),
    success: asBoolean(base.success) ?? true,
    code: asText(base.responseCode),
    properties: textMap({ 'request.url': base.url, 'request.source': base.source }),
  },
];

const readDependency: ReadBase = (base) => [
  {
    kind: 'dependency',
    name: asText(base.name) ?? asText(base.target) ?? asText(base.type) ?? 'dependency',
    id: asText(base.id),
    duration: readDuration(base.duration),
    success: asBoolean(base.success) ?? true,
    code: asText(base.resultCode),
    message: asText(base.data),
    properties: textMap({ 'dependency.type': base.type, 'dependency.target': base.target }),
  },
];

const readMessage: ReadBase = (base, tags) => [
  {
    kind: 'trace',
    name: operationName(tags) ?? 'trace',
    message: asText(base.message),
    severity: readSeverity(base.severityLevel),
  },
];

const readExceptions: ReadBase = (base) => [
  { kind: 'exception', ...readException(base), severity: readSeverity(base.severityLevel) },
];

/**
 * For an aggregation `value` is the sum, and its parts are kept as measurements. Two metrics may be the same in
 * everything but their place. One more than ITEM_METRICS shows that there are too many.
 */
const readMetrics: ReadBase = (base) =>
  (Array.isArray(base.metrics) ? base.metrics : []).slice(0, ITEM_METRICS + 1).map((metric: unknown, place) => {
    const fields = asFields(metric) ?? {};
    const parts = ['count', 'min', 'max', 'stdDev'].flatMap((part) => {
      const number = asNumber(fields[part]);
      return number === undefined ? [] : [[part, number] as const];
    });
    return {
      kind: 'metric' as const,
      place,
      name: asText(fields.name) ?? 'metric',
      value: asNumber(fields.value),
      measurements: Object.fromEntries(parts),
      properties: textMap({ 'metric.namespace': fields.ns }),
    };
  });

const pageName = (base: Fields) => asText(base.name) ?? asText(base.url) ?? 'page';

const readPageView: ReadBase = (base) => [
  {
    kind: 'pageView',
    name: pageName(base),
    id: asText(base.id),
    duration: readDuration(base.duration),
    properties: textMap({ 'pageView.url': base.url, 'pageView.referrer': base.referredUri }),
  },
];

/** An event rather than a page view: the browser sends both for one view, and it must count once. */
const readPageViewPerf: ReadBase = (base) => [
  {
    kind: 'event',
    name: 'browserTimings',
    duration: readDuration(base.perfTotal) ?? readDuration(base.duration),
    properties: textMap({
      'pageView.name': pageName(base),
      'pageView.url': base.url,
      'timing.networkConnect': base.networkConnect,
      'timing.sentRequest': base.sentRequest,
      'timing.receivedResponse': base.receivedResponse,
      'timing.domProcessing': base.domProcessing,
    }),
  },
];

const readAvailability: ReadBase = (base) => [
  {
    kind: 'availability',
    name: asText(base.name) ?? 'availability',
    id: asText(base.id),
    duration: readDuration(base.duration),
    success: asBoolean(base.success),
    message: asText(base.message),
    properties: textMap({ 'availability.location': base.runLocation }),
  },
];

const readEvent: ReadBase = (base) => [{ kind: 'event', name: asText(base.name) ?? 'event' }];

/** Every documented baseType. */
export const baseTypes: ReadonlyMap<string, ReadBase> = new Map([
  ['RequestData', readRequest],
  ['RemoteDependencyData', readDependency],
  ['EventData', readEvent],
  ['MessageData', readMessage],
  ['ExceptionData', readExceptions],
  ['MetricData', readMetrics],
  ['PageViewData', readPageView],
  ['PageViewPerfData', readPageViewPerf],
  // Older browser SDKs write it this way.
  ['PageviewPerformanceData', readPageViewPerf],
  ['PageviewData', readPageView],
  ['AvailabilityData', readAvailability],
]);
