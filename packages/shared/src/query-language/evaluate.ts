import type { EventKind, Severity } from '../telemetry/event.ts';
import { isWithin } from './parse-test.ts';
import type { Pattern, Place, Query, Test } from './query.ts';
import { readCode } from './values.ts';

/** What a query is asked of: an event with the name of its application. A `ParsedEvent` has these fields. */
export interface Subject {
  readonly app: string;
  readonly kind: EventKind;
  readonly name: string;
  readonly id?: string;
  readonly durationUs?: number;
  readonly success?: boolean;
  readonly code?: string;
  readonly operationId?: string;
  readonly parentId?: string;
  readonly message?: string;
  readonly severity?: Severity;
  readonly value?: number;
  readonly unit?: string;
  readonly user?: string;
  readonly session?: string;
  readonly instance?: string;
  readonly version?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly measurements?: Readonly<Record<string, number>>;
  readonly weight: number;
}

/** Makes the function that tells whether an event fulfils a query: the same as the databases tell by SQL. */
export function makePredicate(query: Query): (event: Subject) => boolean {
  switch (query.op) {
    case 'all':
      return () => true;
    case 'and': {
      const parts = query.parts.map(makePredicate);
      return (event) => parts.every((part) => part(event));
    }
    case 'or': {
      const parts = query.parts.map(makePredicate);
      return (event) => parts.some((part) => part(event));
    }
    case 'not': {
      const part = makePredicate(query.part);
      return (event) => !part(event);
    }
    default:
      return makeTest(query);
  }
}

function makeTest(test: Test): (event: Subject) => boolean {
  switch (test.op) {
    case 'present': {
      const read = readerOf(test);
      return (event) => read(event) !== undefined;
    }
    case 'match': {
      const [read, matches] = [readerOf(test), makeMatcher(test.pattern, test.whole)];
      return (event) => isTextThat(read(event), matches);
    }
    case 'compare': {
      const { from, to } = test;
      const read = readerOf(test);
      return (event) => {
        const value = read(event);
        const number = typeof value === 'string' ? readCode(value) : value;
        return typeof number === 'number' && isWithin(number, from, to);
      };
    }
    case 'kind':
      return ({ kind }) => kind === test.kind;
    case 'severity':
      return ({ severity }) => severity !== undefined && test.severities.includes(severity);
    case 'success':
      return ({ success }) => success === test.success;
    case 'text':
      return makeTextSearch(test.pattern);
  }
}

const isTextThat = (value: unknown, matches: (text: string) => boolean): boolean =>
  typeof value === 'string' && matches(value);

/** Looks where a plain text is looked for. */
function makeTextSearch(pattern: Pattern): (event: Subject) => boolean {
  const matches = makeMatcher(pattern, false);
  const inJson = makeMatcher(toJsonPattern(pattern), false);
  return ({ name, message, code, properties }) =>
    matches(name) ||
    isTextThat(message, matches) ||
    isTextThat(code, matches) ||
    (properties !== undefined && inJson(JSON.stringify(properties)));
}

/** The pattern as it stands in the JSON of properties. */
export function toJsonPattern([first, ...others]: Pattern): Pattern {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  return [inJson(first), ...others.map(inJson)];
}

type Value = string | number | boolean | undefined;

const FIELD_READERS: { readonly [F in Place['field']]: (event: Subject, key: string) => Value } = {
  app: ({ app }) => app,
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  duration: ({ durationUs }) => durationUs,
  success: ({ success }) => success,
  status: ({ code }) => code,
  severity: ({ severity }) => severity,
  message: ({ message }) => message,
  user: ({ user }) => user,
  session: ({ session }) => session,
  operation: ({ operationId }) => operationId,
  id: ({ id }) => id,
  parent: ({ parentId }) => parentId,
  instance: ({ instance }) => instance,
  version: ({ version }) => version,
  value: ({ value }) => value,
  unit: ({ unit }) => unit,
  count: ({ weight }) => weight,
  properties: ({ properties = {} }, key) => (Object.hasOwn(properties, key) ? properties[key] : undefined),
  measurements: ({ measurements = {} }, key) => (Object.hasOwn(measurements, key) ? measurements[key] : undefined),
};

function readerOf({ field, key = '' }: Place): (event: Subject) => Value {
  const read = FIELD_READERS[field];
  return (event) => read(event, key);
}

/** A–Z in lower case, all else as it is: what SQLite's LIKE takes for the same. */
const fold = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/**
 * Whether a text fits a pattern, as a whole or anywhere. Looks for each part at its first place after the one before,
 * which finds a fit where there is one. A text ends at a NUL, as it does for SQLite's LIKE.
 */
export function makeMatcher(pattern: Pattern, whole: boolean): (text: string) => boolean {
  const parts = pattern.map(fold);
  const [first = '', last = ''] = whole ? [parts[0], parts.at(-1)] : [];
  const middle = whole ? parts.slice(1, -1) : parts;
  return (text) => {
    const nul = text.indexOf('\0');
    const folded = fold(nul === -1 ? text : text.slice(0, nul));
    if (whole && parts.length === 1) return folded === first;
    if (folded.length < first.length + last.length || !folded.startsWith(first) || !folded.endsWith(last)) return false;
    const end = folded.length - last.length;
    let at = first.length;
    for (const part of middle) {
      const found = folded.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
