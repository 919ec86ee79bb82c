import { SEVERITIES } from '../telemetry/event.ts';
import { findField } from './fields.ts';
import type { Bound, Pattern, Place, Query, Test } from './query.ts';
import { DURATION_UNITS, readCodeClass } from './values.ts';

/** A query as somebody would type it: `parseQuery` reads the same query out of it. Every event is the empty text. */
export function printQuery(query: Query): string {
  return query.op === 'all' ? '' : print(query);
}

function print(query: Query): string {
  switch (query.op) {
    case 'all':
      return '*';
    case 'or':
      return query.parts.map(print).join(' OR ');
    case 'and':
      return query.parts.map((part) => (part.op === 'or' ? `(${print(part)})` : print(part))).join(' ');
    case 'not':
      return query.part.op === 'and' || query.part.op === 'or' ? `-(${print(query.part)})` : `-${print(query.part)}`;
    default:
      return printTest(query);
  }
}

function printTest(test: Test): string {
  switch (test.op) {
    case 'text':
      return printText(test.pattern);
    case 'present':
      return `${printPlace(test)}:*`;
    case 'match':
      return `${printPlace(test)}:${printMatch(test)}`;
    case 'compare':
      return `${printPlace(test)}:${printBounds(test)}`;
    case 'kind':
      return `kind:${test.kind}`;
    case 'success':
      return `success:${test.success}`;
    case 'severity':
      return `severity:${printSeverities(test.severities)}`;
  }
}

/** `properties.tenant`; a key that is no plain word is quoted. */
export function printPlace({ field, key }: Place): string {
  if (key === undefined) return field;
  return `${field}.${/^[\p{L}\p{N}_.-]+$/u.test(key) ? key : quote(key)}`;
}

/** A value for a term of text, quoted where it needs to be: for whoever puts a query together. */
export const printValue = (value: string): string => printPattern([value]);

const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const PLAIN = /^[\p{L}\p{N}_./@#%+$&!?-]+$/u;

function printPattern([first, ...others]: Pattern, plain = PLAIN): string {
  return [first, ...others].map((text) => (text === '' || plain.test(text) ? text : quote(text))).join('*');
}

/** A text by itself must not look like a keyword, a negation or a field. */
function printText(pattern: Pattern): string {
  const printed = printPattern(pattern);
  return /^(?:AND|OR|NOT)$|^-/.test(printed) ? [quote(pattern[0]), ...printed.split('*').slice(1)].join('*') : printed;
}

function printMatch({ field, pattern, whole }: Extract<Test, { op: 'match' }>): string {
  const type = findField(field)?.type;
  if (type === 'words') return `${whole && pattern.length === 1 ? '=' : ''}${printPattern(pattern)}`;
  // What would be a comparison if it stood there bare.
  if (type === 'code') {
    const isClass = pattern.length === 1 && readCodeClass(pattern[0]) !== undefined;
    return isClass ? quote(pattern[0]) : printPattern(pattern, /^[\p{L}\p{N}_-]+$/u);
  }
  return printPattern(pattern);
}

function printBounds({ field, from, to }: Extract<Test, { op: 'compare' }>): string {
  const write = field === 'duration' ? printDuration : String;
  if (from !== undefined && to !== undefined) {
    if (from.value === to.value) return write(from.value);
    const isClass = field === 'status' && to.value === from.value + 99 && readCodeClass(`${from.value / 100}xx`);
    return isClass ? `${from.value / 100}xx` : `${write(from.value)}..${write(to.value)}`;
  }
  const one = (sign: string, bound: Bound | undefined) =>
    bound === undefined ? '' : `${sign}${bound.inclusive ? '=' : ''}${write(bound.value)}`;
  return one('>', from) + one('<', to);
}

/** In the longest unit in which it is a whole number. */
function printDuration(us: number): string {
  const [unit, factor] = DURATION_UNITS.find(([, size]) => us % size === 0 && us > 0) ?? ['ms', 1000];
  return `${us / factor}${unit}`;
}

/** They follow each other in the list of severities. */
function printSeverities(severities: readonly string[]): string {
  const [first = '', last = ''] = [severities[0], severities.at(-1)];
  if (severities.length === 1) return first;
  if (last === SEVERITIES.at(-1)) return `>=${first}`;
  return first === SEVERITIES[0] ? `<=${last}` : `${first}..${last}`;
}
