import { err, ok, type Result } from '../result.ts';
import { parseDuration } from './duration.ts';
import type { Adjustment, EventKind, EventProblem, EventProblemCode, ParsedEvent, Severity } from './event.ts';
import { MAX_ADJUSTMENTS, MAX_LENGTH, MAX_MAP_ENTRIES, MAX_WEIGHT } from './limits.ts';
import { fromUnixNanos, parseIsoTime } from './time.ts';

/**
 * An event on its way from some format to `ParsedEvent`: types are right, nothing else is. Absent, undefined and
 * (for texts) empty mean the same.
 */
export interface EventDraft {
  readonly kind: EventKind;
  /** ISO 8601, any number of fraction digits, UTC unless it names an offset; or nanoseconds since the epoch (OTLP). */
  readonly time: string | bigint;
  readonly name: string;
  readonly id?: string | undefined;
  readonly app?: string | undefined;
  /** Any spelling that `parseDuration` knows; a number is milliseconds. */
  readonly duration?: unknown;
  readonly success?: boolean | undefined;
  readonly code?: string | undefined;
  readonly operationId?: string | undefined;
  readonly parentId?: string | undefined;
  readonly spanId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly message?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly value?: number | undefined;
  readonly unit?: string | undefined;
  readonly user?: string | undefined;
  readonly session?: string | undefined;
  readonly instance?: string | undefined;
  readonly version?: string | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
  readonly measurements?: Readonly<Record<string, number>> | undefined;
  /** 1 when absent. */
  readonly weight?: number | undefined;
}

/** Texts of the draft that are treated alike; `name` is apart because it is required. */
const TEXTS = [
  'id',
  'app',
  'code',
  'operationId',
  'parentId',
  'spanId',
  'traceId',
  'message',
  'unit',
  'user',
  'session',
  'instance',
  'version',
] as const;

const problem = (code: EventProblemCode, field: string, message: string): Result<never, EventProblem> =>
  err({ code, field, message });

/**
 * Makes the canonical event. What can be kept by cutting or bounding it is kept, and listed in `adjustments`; what
 * cannot be (no name, no time, a duration that is none, a metric without value) is a problem.
 */
export function makeEvent(draft: EventDraft): Result<ParsedEvent, EventProblem> {
  const notes: Adjustment[] = [];
  const note = (field: string, what: Adjustment['what']) => {
    if (notes.length < MAX_ADJUSTMENTS) notes.push({ field, what });
  };
  const name = text(draft.name, 'name', note);
  if (name === undefined) return problem('missing-field', 'name', 'An event needs a name that is not empty.');
  const time = parseTime(draft.time);
  if (!time.ok) return time;
  const duration = durationFields(draft.duration, note);
  if (!duration.ok) return duration;
  const numbers = numberFields(draft);
  if (!numbers.ok) return numbers;
  return ok({
    kind: draft.kind,
    ...time.value,
    name,
    ...textFields(draft, note),
    ...duration.value,
    ...(draft.success === undefined ? {} : { success: draft.success }),
    ...(draft.severity === undefined ? {} : { severity: draft.severity }),
    ...numbers.value,
    ...propertiesField(draft.properties, note),
    ...measurementsField(draft.measurements, note),
    adjustments: notes,
  });
}

type Note = (field: string, what: Adjustment['what']) => void;
type TimeFields = Pick<ParsedEvent, 'timeMs' | 'timeUs' | 'timeNs'>;
type DurationFields = Pick<ParsedEvent, 'durationUs' | 'durationMs'>;

function parseTime(time: string | bigint): Result<TimeFields, EventProblem> {
  const instant = typeof time === 'bigint' ? fromUnixNanos(time) : parseIsoTime(time);
  if (instant === undefined) {
    return problem('bad-time', 'time', 'A time is ISO 8601 in UTC, as 2026-03-21T10:00:00.108Z.');
  }
  const { ms, us, ns } = instant;
  return ok({ timeMs: ms, ...(us === 0 ? {} : { timeUs: us }), ...(ns === 0 ? {} : { timeNs: ns }) });
}

function durationFields(value: unknown, note: Note): Result<DurationFields, EventProblem> {
  if (value === undefined || value === null || value === '') return ok({});
  const duration = parseDuration(value);
  if (!duration.ok) return problem('bad-duration', 'durationMs', duration.error.message);
  const { microseconds, milliseconds, adjusted } = duration.value;
  if (adjusted !== undefined) note('durationMs', adjusted);
  return ok({ durationUs: microseconds, durationMs: milliseconds });
}

function numberFields(draft: EventDraft): Result<Pick<ParsedEvent, 'value' | 'weight'>, EventProblem> {
  const { kind, value, weight = 1 } = draft;
  if (!(weight > 0 && weight <= MAX_WEIGHT)) {
    return problem('bad-value', 'count', `An event stands for more than 0 and at most ${MAX_WEIGHT} events.`);
  }
  if (value === undefined) {
    return kind === 'metric' ? problem('missing-field', 'value', 'A metric needs a value.') : ok({ weight });
  }
  return Number.isFinite(value) ? ok({ value, weight }) : problem('bad-value', 'value', 'A value is a finite number.');
}

function textFields(draft: EventDraft, note: Note): Partial<Record<(typeof TEXTS)[number], string>> {
  const fields: Partial<Record<(typeof TEXTS)[number], string>> = {};
  for (const field of TEXTS) {
    const value = text(draft[field], field, note);
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

function text(value: string | undefined, field: keyof typeof MAX_LENGTH, note: Note): string | undefined {
  if (value === undefined || value === '') return undefined;
  return cut(value, MAX_LENGTH[field], () => note(field, 'truncated'));
}

/** Well-formed Unicode of at most `max` code units: never half a surrogate pair, which no UTF-8 could carry. */
function cut(value: string, max: number, tell: () => void): string {
  const whole = value.toWellFormed();
  if (whole.length <= max) return whole;
  tell();
  const last = whole.charCodeAt(max - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return whole.slice(0, splitsPair ? max - 1 : max);
}

function propertiesField(map: EventDraft['properties'], note: Note): Pick<ParsedEvent, 'properties'> {
  const properties = canonicalMap(map, 'properties', note, (value, field) =>
    cut(value, MAX_LENGTH.propertyValue, () => note(field, 'truncated')),
  );
  return properties === undefined ? {} : { properties };
}

function measurementsField(map: EventDraft['measurements'], note: Note): Pick<ParsedEvent, 'measurements'> {
  const measurements = canonicalMap(map, 'measurements', note, (value) => (Number.isFinite(value) ? value : undefined));
  return measurements === undefined ? {} : { measurements };
}

/** Keys cut and sorted, at most MAX_MAP_ENTRIES; what is over, unusable, or falls on the same cut key is dropped. */
function canonicalMap<T>(
  map: Readonly<Record<string, T>> | undefined,
  field: string,
  note: Note,
  clean: (value: T, field: string) => T | undefined,
): Readonly<Record<string, T>> | undefined {
  if (map === undefined) return undefined;
  const entries = new Map<string, T>();
  for (const original of Object.keys(map).sort()) {
    const value = map[original];
    const key = cut(original, MAX_LENGTH.propertyKey, () => note(`${field}.${original.slice(0, 20)}…`, 'truncated'));
    const cleaned = value === undefined ? undefined : clean(value, `${field}.${key}`);
    if (cleaned === undefined || entries.has(key) || entries.size >= MAX_MAP_ENTRIES)
      note(`${field}.${key}`, 'dropped');
    else entries.set(key, cleaned);
  }
  // fromEntries defines each key as the map's own, `__proto__` too; integer-like keys come first, in every engine alike.
  return entries.size === 0 ? undefined : Object.fromEntries(entries);
}
