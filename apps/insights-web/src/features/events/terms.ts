/** Queries put together by clicks: what a value of an event is as a term, and a query with one term more. Pure. */
import type { EventRecord } from '@scorpiox/shared/contract';
import { type FieldName, parseQuery, printQuery, type Test } from '@scorpiox/shared/query-language';

/** The whole of a text, whatever it has in it. */
const whole = (field: FieldName, value: string, key?: string): Test => ({
  op: 'match',
  field,
  ...(key === undefined ? {} : { key }),
  pattern: [value],
  whole: true,
});

const exactly = (field: FieldName, value: number, key?: string): Test => ({
  op: 'compare',
  field,
  ...(key === undefined ? {} : { key }),
  from: { value, inclusive: true },
  to: { value, inclusive: true },
});

type Reader = (event: EventRecord) => Test | undefined;

const textReader =
  (field: FieldName, of: (event: EventRecord) => string | undefined): Reader =>
  (event) => {
    const value = of(event);
    return value === undefined ? undefined : whole(field, value);
  };

const READERS: Readonly<Record<string, Reader>> = {
  app: textReader('app', (event) => event.app),
  kind: ({ kind }) => ({ op: 'kind', kind }),
  name: textReader('name', (event) => event.name),
  // As slow as this one or slower: nobody looks for the very same microsecond.
  duration: ({ durationMs }) =>
    durationMs === undefined
      ? undefined
      : { op: 'compare', field: 'duration', from: { value: Math.round(durationMs * 1000), inclusive: true } },
  success: ({ success }) => (success === undefined ? undefined : { op: 'success', success }),
  status: textReader('status', (event) => event.code),
  severity: ({ severity }) => (severity === undefined ? undefined : { op: 'severity', severities: [severity] }),
  message: textReader('message', (event) => event.message),
  user: textReader('user', (event) => event.user),
  session: textReader('session', (event) => event.session),
  operation: textReader('operation', (event) => event.operationId),
  id: textReader('id', (event) => event.id),
  parent: textReader('parent', (event) => event.parentId),
  instance: textReader('instance', (event) => event.instance),
  version: textReader('version', (event) => event.version),
  value: ({ value }) => (value === undefined ? undefined : exactly('value', value)),
  unit: textReader('unit', (event) => event.unit),
};

function testOf(event: EventRecord, column: string): Test | undefined {
  const [, map, key] = /^(properties|measurements)\.(.+)$/s.exec(column) ?? [];
  if (key === undefined) return READERS[column]?.(event);
  if (map === 'properties') {
    const value = event.properties?.[key];
    return value === undefined ? undefined : whole('properties', value, key);
  }
  const value = event.measurements?.[key];
  return value === undefined ? undefined : exactly('measurements', value, key);
}

/** The term that finds events with the same value in a column; undefined where the event has none, or no term can say it. */
export function termOf(event: EventRecord, column: string): string | undefined {
  const test = testOf(event, column);
  if (test === undefined) return undefined;
  const term = printQuery(test);
  return parseQuery(term).ok ? term : undefined; // longer values than a query may have
}

/** A query that asks for one thing more, or for that not. What cannot be read is left as it is, and the term put after it. */
export function withTerm(query: string, term: string, wanted: boolean): string {
  const added = wanted ? term : `-${term}`;
  const text = query.trim();
  if (text === '') return added;
  const parsed = parseQuery(text);
  const isOr = parsed.ok && parsed.value.query.op === 'or';
  const base = isOr ? `(${text})` : text;
  return base === added || base.endsWith(` ${added}`) || base.startsWith(`${added} `) ? base : `${base} ${added}`;
}
