import { createHash, type Hash, hash } from 'node:crypto';
import { err, ok, type Result } from '../result.ts';
import { parseDuration } from './duration.ts';
import type { Adjustment, EventKind, EventProblem, EventProblemCode, ParsedEvent, Severity } from './event.ts';
import { LEAST_VALUE, MAX_ADJUSTMENTS, MAX_LENGTH, MAX_MAP_ENTRIES, MAX_WEIGHT } from './limits.ts';
import type { MetricBody } from './metric-body.ts';
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
  /** Of a metric: the data point that it came as; then it may lack a value. Its numbers are finite. */
  readonly metric?: MetricBody | undefined;
  /** 1 when absent; a finite one above MAX_WEIGHT becomes that. */
  readonly weight?: number | undefined;
  /** Place among the events of one item, from 0: two that are the same in everything else are two. 0 when absent. */
  readonly place?: number | undefined;
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
  const notes = new Notes(draft.place);
  const note: Note = (field, what, lost) => notes.add(field, what, lost);
  const name = text(draft.name, 'name', note);
  if (name === undefined) return problem('missing-field', 'name', 'An event needs a name that is not empty.');
  const time = parseTime(draft.time);
  if (!time.ok) return time;
  const duration = durationFields(draft.duration, note);
  if (!duration.ok) return duration;
  const numbers = numberFields(draft, note);
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
    ...(draft.metric === undefined ? {} : { metric: draft.metric }),
    // After everything that may add to them.
    ...notes.distinct(),
    adjustments: notes.adjustments,
  });
}

/** Notes a change; `lost` is the text that was there before, where some of it is lost. */
type Note = (field: string, what: Adjustment['what'], lost?: string) => void;

/** What was changed, and what tells the event apart that is not in its fields any more. */
class Notes {
  readonly adjustments: Adjustment[] = [];
  #lost: Hash | undefined;

  constructor(place = 0) {
    if (place > 0) this.#addLost(`#${place}`);
  }

  add(field: string, what: Adjustment['what'], lost: string | undefined): void {
    if (this.adjustments.length < MAX_ADJUSTMENTS) this.adjustments.push({ field, what });
    if (lost !== undefined) this.#addLost(JSON.stringify([field, lost]));
  }

  distinct(): Pick<ParsedEvent, 'distinct'> {
    return this.#lost === undefined ? {} : { distinct: this.#lost.digest('hex') };
  }

  #addLost(part: string): void {
    this.#lost ??= createHash('sha256');
    this.#lost.update(part);
  }
}

type TimeFields = Pick<ParsedEvent, 'timeMs' | 'timeUs' | 'timeNs'>;
type DurationFields = Pick<ParsedEvent, 'durationUs' | 'durationMs'>;

function parseTime(time: string | bigint): Result<TimeFields, EventProblem> {
  // OTLP's word for a time that is not known; else the sender would be told that its event is of 1970.
  if (time === 0n) return problem('missing-field', 'time', 'An event needs a time.');
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

function numberFields(draft: EventDraft, note: Note): Result<Pick<ParsedEvent, 'value' | 'weight'>, EventProblem> {
  const { kind, value, metric, weight: given = 1 } = draft;
  if (!(given > 0 && Number.isFinite(given))) {
    return problem('bad-value', 'count', 'An event stands for a finite number of events above 0.');
  }
  const weight = Math.min(given, MAX_WEIGHT);
  if (weight < given) note('count', 'saturated', String(given));
  if (value === undefined) {
    const lacks = kind === 'metric' && metric === undefined;
    return lacks ? problem('missing-field', 'value', 'A metric needs a value.') : ok({ weight });
  }
  if (!Number.isFinite(value)) return problem('bad-value', 'value', 'A value is a finite number.');
  const tooSmall = value !== 0 && Math.abs(value) < LEAST_VALUE;
  if (tooSmall) note('value', 'saturated', String(value));
  return ok({ value: tooSmall ? 0 : value, weight });
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
  const cutText = IDS.has(field) ? cutId : cut;
  return cutText(value, MAX_LENGTH[field], (whole) => note(field, 'truncated', whole));
}

/** Texts by which an event is recognised. */
const IDS: ReadonlySet<string> = new Set(['id', 'spanId', 'traceId']);
const ID_DIGEST = 32;

/** An id that is too long stays one: a digest of the whole stands at its end. */
function cutId(value: string, max: number, tell: (whole: string) => void): string {
  if (value.length <= max) return value.toWellFormed();
  return cut(value, max - ID_DIGEST, tell) + hash('sha256', value.toWellFormed()).slice(0, ID_DIGEST);
}

/** Well-formed Unicode of at most `max` code units: never half a surrogate pair, which no UTF-8 could carry. */
function cut(value: string, max: number, tell: (whole: string) => void): string {
  const whole = value.toWellFormed();
  if (whole.length <= max) return whole;
  tell(whole);
  const last = whole.charCodeAt(max - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return whole.slice(0, splitsPair ? max - 1 : max);
}

function propertiesField(map: EventDraft['properties'], note: Note): Pick<ParsedEvent, 'properties'> {
  const properties = canonicalMap(map, 'properties', note, (value, key) =>
    cut(value, MAX_LENGTH.propertyValue, (whole) => note(`properties.${key}`, 'truncated', whole)),
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
  clean: (value: T, key: string) => T | undefined,
): Readonly<Record<string, T>> | undefined {
  if (map === undefined) return undefined;
  const entries = new Map<string, T>();
  for (const original of Object.keys(map).sort()) {
    const value = map[original];
    const key = cut(original, MAX_LENGTH.propertyKey, (whole) =>
      note(`${field}.${original.slice(0, 20)}…`, 'truncated', whole),
    );
    const cleaned = value === undefined ? undefined : clean(value, key);
    if (cleaned === undefined || entries.has(key) || entries.size >= MAX_MAP_ENTRIES)
      note(`${field}.${key}`, 'dropped', `${original}\n${value}`);
    else entries.set(key, cleaned);
  }
  // fromEntries defines each key as the map's own, `__proto__` too; integer-like keys come first, in every engine alike.
  return entries.size === 0 ? undefined : Object.fromEntries(entries);
}
