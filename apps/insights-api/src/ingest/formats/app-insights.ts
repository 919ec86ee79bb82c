import { err, ok, type Result } from '@scorpiox/shared/result';
import { type EventDraft, MAX_SENT_ENTRIES, makeEvent, type ParsedEvent } from '@scorpiox/shared/telemetry';
import { ITEM_METRICS } from '../../limits.ts';
import type { Drop } from '../pipeline/reasons.ts';
import { baseTypes } from './app-insights-types.ts';
import { asFields, asNumber, asText, type Fields, textMap } from './fields.ts';
import { lineFormat } from './format.ts';
import type { FormatItem } from './item.ts';
import type { RawItem } from './split.ts';

/** Tags that have a column of their own; the others are kept as properties under their own names. */
const MAPPED_TAGS = new Set([
  'ai.operation.id',
  'ai.operation.parentId',
  'ai.user.id',
  'ai.session.id',
  'ai.cloud.roleInstance',
  'ai.application.ver',
]);

/** The format of `/v2/track` and `/v2.1/track`. */
export const appInsightsFormat = lineFormat(parseEnvelopeItem);

/**
 * Step "parse" for `/v2/track` and `/v2.1/track`: one Application Insights envelope. SDKs break the rules on required
 * fields and lengths, so whatever can be understood is taken. Refused are: what is no object, an unknown baseType, a time
 * or duration that is missing or none, a metric without a value, none or more than ITEM_METRICS of them, and maps of more
 * than MAX_SENT_ENTRIES.
 */
export function parseEnvelopeItem(item: RawItem, index: number): FormatItem {
  const envelope = item.ok ? asFields(item.value) : undefined;
  if (envelope === undefined) {
    return { index, events: err({ reason: 'malformed', message: 'This is not a JSON object.' }) };
  }
  const key = asText(envelope.iKey);
  return { index, ...(key === undefined ? {} : { key }), events: parseEnvelope(envelope) };
}

function parseEnvelope(envelope: Fields): Result<readonly ParsedEvent[], Drop> {
  const data = asFields(envelope.data);
  const read = baseTypes.get(asText(data?.baseType) ?? '');
  if (read === undefined) {
    return err({ reason: 'unknown-type', message: 'data.baseType is none of the documented ones.' });
  }
  const base = asFields(data?.baseData) ?? {};
  const tags = asFields(envelope.tags) ?? {};
  if ([tags, base.properties, base.measurements].some(hasTooMany)) {
    return err({ reason: 'too-many-entries', message: `A map may have at most ${MAX_SENT_ENTRIES} entries.` });
  }
  const common = commonFields(envelope, tags, base);
  const drafts = read(base, tags);
  if (drafts.length > ITEM_METRICS) {
    return err({ reason: 'too-many-metrics', message: `An item may hold at most ${ITEM_METRICS} metrics.` });
  }
  const events: ParsedEvent[] = [];
  for (const { properties = {}, measurements = {}, ...draft } of drafts) {
    const made = makeEvent({
      ...common,
      ...draft,
      properties: { ...common.properties, ...properties },
      measurements: { ...common.measurements, ...measurements },
    });
    if (!made.ok) return err({ reason: made.error.code, message: made.error.message });
    events.push(made.value);
  }
  if (events.length > 0) return ok(events);
  return err({ reason: 'missing-field', message: 'data.baseData.metrics holds no metric.' });
}

const hasTooMany = (map: unknown): boolean => Object.keys(asFields(map) ?? {}).length > MAX_SENT_ENTRIES;

type Common = Omit<EventDraft, 'kind' | 'name'> & Required<Pick<EventDraft, 'properties' | 'measurements'>>;

function commonFields(envelope: Fields, tags: Fields, base: Fields): Common {
  const { numbers, texts } = splitMeasurements(base.measurements);
  return {
    time: asText(envelope.time) ?? '',
    weight: weightOf(envelope.sampleRate),
    // Also a property: an application's own key does not listen to it.
    app: asText(tags['ai.cloud.role']),
    operationId: asText(tags['ai.operation.id']),
    parentId: asText(tags['ai.operation.parentId']),
    user: asText(tags['ai.user.id']),
    session: asText(tags['ai.session.id']),
    instance: asText(tags['ai.cloud.roleInstance']),
    version: asText(tags['ai.application.ver']),
    properties: { ...otherTags(tags), ...texts, ...textMap(base.properties) },
    measurements: numbers,
  };
}

function otherTags(tags: Fields): Record<string, string> {
  const others = textMap(tags);
  for (const name of MAPPED_TAGS) delete others[name];
  return others;
}

/** An item that was sampled at 25 % stands for four. A rate that makes no sense counts as none. */
function weightOf(sampleRate: unknown): number {
  const rate = asNumber(sampleRate) ?? 100;
  // The smallest rates divide to infinity.
  return rate > 0 && rate <= 100 ? Math.min(100 / rate, Number.MAX_VALUE) : 1;
}

/** Measurements are numbers; what is none is kept as a property. */
function splitMeasurements(value: unknown): { numbers: Record<string, number>; texts: Record<string, string> } {
  const fields = asFields(value);
  // Nearly no item has any.
  if (fields === undefined) return { numbers: {}, texts: {} };
  const entries = Object.entries(fields);
  const numbers = entries.flatMap(([key, one]) => {
    const number = asNumber(one);
    return number === undefined ? [] : [[key, number] as const];
  });
  const texts = entries.filter(([, one]) => asNumber(one) === undefined);
  return { numbers: Object.fromEntries(numbers), texts: textMap(Object.fromEntries(texts)) };
}
