import { err, type Result } from '../result.ts';
import {
  EVENT_KINDS,
  type EventProblem,
  type EventProblemCode,
  type NativeEvent,
  type ParsedEvent,
  SEVERITIES,
} from './event.ts';
import { MAX_SENT_ENTRIES } from './limits.ts';
import { type EventDraft, makeEvent } from './make-event.ts';

type Fields = Readonly<Record<string, unknown>>;

/** How each field of the native format is typed. The compiler checks that none is missing or too many. */
const FIELD_TYPES = {
  kind: 'kind',
  time: 'text',
  name: 'text',
  id: 'text',
  app: 'text',
  durationMs: 'duration',
  success: 'boolean',
  code: 'code',
  operationId: 'text',
  parentId: 'text',
  message: 'text',
  severity: 'severity',
  value: 'number',
  unit: 'text',
  user: 'text',
  session: 'text',
  instance: 'text',
  version: 'text',
  count: 'count',
  properties: 'texts',
  measurements: 'numbers',
} as const satisfies Record<keyof NativeEvent, string>;

type FieldType = (typeof FIELD_TYPES)[keyof typeof FIELD_TYPES];

/** What each type takes, and how a refusal calls it. */
const CHECKS: Readonly<Record<FieldType, { readonly expected: string; readonly test: (value: unknown) => boolean }>> = {
  kind: { expected: `one of ${EVENT_KINDS.join(', ')}`, test: oneOf(EVENT_KINDS) },
  severity: { expected: `one of ${SEVERITIES.join(', ')}`, test: oneOf(SEVERITIES) },
  text: { expected: 'text', test: (value) => typeof value === 'string' },
  code: { expected: 'text or a number', test: (value) => typeof value === 'string' || typeof value === 'number' },
  duration: {
    expected: 'a number of milliseconds or text',
    test: (value) => typeof value === 'string' || typeof value === 'number',
  },
  boolean: { expected: 'true or false', test: (value) => typeof value === 'boolean' },
  number: { expected: 'a number', test: (value) => typeof value === 'number' },
  count: { expected: 'a whole number from 1', test: (value) => Number.isSafeInteger(value) && Number(value) >= 1 },
  texts: {
    expected: `an object of at most ${MAX_SENT_ENTRIES} texts, numbers or booleans`,
    test: (value) => isObjectOf(value, isScalar),
  },
  numbers: {
    expected: `an object of at most ${MAX_SENT_ENTRIES} numbers`,
    test: (value) => isObjectOf(value, (item) => typeof item === 'number'),
  },
};

const REQUIRED = ['kind', 'time', 'name'] as const;

/**
 * An event of `/api/ingest` (docs/sending.md), checked and made canonical. `null` counts as absent. A field that the
 * format does not have is refused, because what it says would be lost silently.
 */
export function parseNativeEvent(value: unknown): Result<ParsedEvent, EventProblem> {
  if (!isObject(value)) return err({ code: 'not-an-object', message: 'An event is a JSON object.' });
  if (isTooMany(value)) return err(unknownField(Object.keys(value).find((field) => !isField(field)) ?? ''));
  const fields = withoutNulls(value);
  const wrong = findProblem(fields);
  if (wrong !== undefined) return err(wrong);
  // findProblem has checked every field's type by FIELD_TYPES; those of `code` and `properties` are looser there.
  const native = fields as unknown as NativeEvent;
  return makeEvent(toDraft(native, fields));
}

function withoutNulls(value: Fields): Fields {
  // Nearly no event has any: no copy then.
  if (!Object.values(value).includes(null)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}

function toDraft(native: NativeEvent, fields: Fields): EventDraft {
  const { durationMs, count, properties, ...rest } = native;
  return {
    ...rest,
    duration: durationMs,
    code: fields.code === undefined ? undefined : String(fields.code),
    properties: properties && Object.fromEntries(Object.entries(properties).map(([key, item]) => [key, String(item)])),
    weight: count,
  };
}

function findProblem(fields: Fields): EventProblem | undefined {
  for (const field of REQUIRED) {
    if (fields[field] === undefined) return problem('missing-field', field, `An event needs ${field}.`);
  }
  for (const field of Object.keys(fields)) {
    if (!isField(field)) return unknownField(field);
    const check = CHECKS[FIELD_TYPES[field]];
    if (check.test(fields[field])) continue;
    return problem(field === 'kind' ? 'unknown-kind' : 'wrong-type', field, `${field} is ${check.expected}.`);
  }
  return undefined;
}

const problem = (code: EventProblemCode, field: string, message: string): EventProblem => ({ code, field, message });

/** The name is the sender's own text: only one that looks like a name is repeated. */
function unknownField(field: string): EventProblem {
  const named = /^[A-Za-z_][\w.-]{0,63}$/.test(field) ? field : '(unprintable)';
  return problem('unknown-field', named, `There is no field ${named}; put what is your own into properties.`);
}

const isField = (field: string): field is keyof typeof FIELD_TYPES => Object.hasOwn(FIELD_TYPES, field);

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function oneOf(names: readonly string[]): (value: unknown) => boolean {
  const all = new Set<unknown>(names);
  return (value) => all.has(value);
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const isObjectOf = (value: unknown, test: (item: unknown) => boolean): boolean =>
  isObject(value) && !isTooMany(value) && Object.values(value).every(test);

/** Seen before anything else is done with it. */
const isTooMany = (value: Fields): boolean => Object.keys(value).length > MAX_SENT_ENTRIES;
