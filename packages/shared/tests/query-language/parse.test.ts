import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePlace, parseQuery, printQuery, type Query } from '../../src/query-language/index.ts';
import { goodQueryTexts, queryTexts } from './queries.ts';

function read(text: string): Query {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new Error(`${parsed.error.column}: ${parsed.error.message}`);
  return parsed.value.query;
}

const match = (field: string, pattern: string[], whole = true) => ({ op: 'match', field, pattern, whole });
const text = (...pattern: string[]) => ({ op: 'text', pattern });
const inclusive = (value: number) => ({ value, inclusive: true });
const exclusive = (value: number) => ({ value, inclusive: false });

describe('what a query means', () => {
  test.each<[string, unknown]>([
    ['', { op: 'all' }],
    ['  *  ', { op: 'all' }],
    ['app:shop', match('app', ['shop'])],
    ['kind:PageView', { op: 'kind', kind: 'pageView' }],
    ['duration:>500ms', { op: 'compare', field: 'duration', from: exclusive(500_000) }],
    ['duration:<=1.5s', { op: 'compare', field: 'duration', to: inclusive(1_500_000) }],
    ['duration:100..2m', { op: 'compare', field: 'duration', from: inclusive(100_000), to: inclusive(120_000_000) }],
    ['duration:7µs', { op: 'compare', field: 'duration', from: inclusive(7), to: inclusive(7) }],
    ['status:5xx', { op: 'compare', field: 'status', from: inclusive(500), to: inclusive(599) }],
    ['code:>=400', { op: 'compare', field: 'status', from: inclusive(400) }],
    ['status:404', match('status', ['404'])],
    ['status:"5xx"', match('status', ['5xx'])],
    ['status:ECONN*', match('status', ['ECONN', ''])],
    ['user:42', match('user', ['42'])],
    ['user:*', { op: 'present', field: 'user' }],
    ['name:health', match('name', ['health'], false)],
    ['name:=health', match('name', ['health'])],
    ['name:GET*', match('name', ['GET', ''])],
    ['name:"GET /"*"a b"', match('name', ['GET /', 'a b'])],
    ['trace:abc', match('operation', ['abc'])],
    ['properties.tenant:acme', { ...match('properties', ['acme']), key: 'tenant' }],
    ['properties.http.route:/a', { ...match('properties', ['/a']), key: 'http.route' }],
    ['properties."a: b":"c d"', { ...match('properties', ['c d']), key: 'a: b' }],
    ['measurements.items:>3', { op: 'compare', field: 'measurements', key: 'items', from: exclusive(3) }],
    ['value:-5..-1.5', { op: 'compare', field: 'value', from: inclusive(-5), to: inclusive(-1.5) }],
    ['severity:>=warning', { op: 'severity', severities: ['warning', 'error', 'critical'] }],
    ['level:warn', { op: 'severity', severities: ['warning'] }],
    ['severity:<warning', { op: 'severity', severities: ['verbose', 'information'] }],
    ['success:no', { op: 'success', success: false }],
    ['"free text"', text('free text')],
    ['*time*out*', text('time', 'out')],
    ['"a \\"b\\" \\\\"', text('a "b" \\')],
    ['"OR"', text('OR')],
    ['or', text('or')],
    ['10:30', text('10:30')],
    ['-name:health', { op: 'not', part: match('name', ['health'], false) }],
    ['NOT a', { op: 'not', part: text('a') }],
    ['a b AND c', { op: 'and', parts: [text('a'), text('b'), text('c')] }],
    ['a b OR c', { op: 'or', parts: [{ op: 'and', parts: [text('a'), text('b')] }, text('c')] }],
    ['a (b OR c)', { op: 'and', parts: [text('a'), { op: 'or', parts: [text('b'), text('c')] }] }],
    ['(a OR (b OR c))', { op: 'or', parts: [text('a'), text('b'), text('c')] }],
  ])('%s', (query, meaning) => {
    expect(read(query)).toEqual(meaning);
  });
});

describe('what is wrong with a query', () => {
  test.each<[string, number, string]>([
    [
      'app:shop durations:>5',
      10,
      'There is no field durations. Is it duration? A text that has a colon stands in quotes.',
    ],
    ['http://localhost', 1, 'There is no field http. A text that has a colon stands in quotes.'],
    ['user.id:5', 1, 'There is no field user.id. Is it properties.user.id? A text that has a colon stands in quotes.'],
    ['app:', 5, 'A value is missing after app.'],
    ['app:""', 5, 'A value is missing after app.'],
    ['user:>5', 7, 'user has no order: it cannot be compared, only be equal.'],
    [
      'kind:requests',
      6,
      'A kind is one of request, dependency, event, trace, exception, metric, pageView, availability.',
    ],
    ['duration:>fast', 11, 'A duration is a number with a unit: 500ms, 1.5s, 2m (us, ms, s, m, h).'],
    ['duration:1s..x', 14, 'A duration is a number with a unit: 500ms, 1.5s, 2m (us, ms, s, m, h).'],
    ['duration:2s..1s', 10, 'This range ends before it begins.'],
    ['status:>=ok', 10, 'A status that is compared is a whole number of up to 9 digits.'],
    ['severity:loud', 10, 'A severity is one of verbose, information, warning, error, critical.'],
    ['severity:>critical', 11, 'There is no severity beyond this one.'],
    ['success:maybe', 9, 'success is true or false.'],
    ['measurements.items:many', 20, 'A number is expected here, as 3 or -1.5.'],
    ['properties:acme', 11, 'A key is missing: properties.KEY:…'],
    ['properties."":acme', 12, 'A key is missing: properties.KEY:…'],
    ['a "b', 3, 'A quote is opened here and not closed.'],
    ['""', 1, 'There is no empty text to look for.'],
    ['(a OR b', 1, 'A parenthesis is opened here and not closed.'],
    ['a) b', 2, 'This parenthesis closes none.'],
    ['a ()', 4, 'A term is missing here.'],
    ['a OR', 5, 'A term is missing here.'],
    ['OR a', 1, 'OR stands between two terms; quote it as a text.'],
    ['a AND AND b', 7, 'AND stands between two terms; quote it as a text.'],
    ['a - b', 3, 'A minus stands directly before what is not wanted.'],
    ['name:a*b*c*d*e*f*g*h*i*j', 6, 'A value has at most 8 wildcards.'],
    ['x'.repeat(2001), 2001, 'A query has at most 2000 characters.'],
    ['x'.repeat(513), 1, 'A value has at most 512 characters.'],
    ['a '.repeat(65), 129, 'A query has at most 64 terms.'],
    [`${'('.repeat(26)}a`, 26, 'Parentheses and negations nest at most 24 deep.'],
  ])('%s', (query, column, message) => {
    expect(parseQuery(query)).toEqual({ ok: false, error: { code: 'bad-query', column, message } });
  });
});

test('whatever is typed is a query or an error with its column, and what is read is printed and read again', () => {
  fc.assert(
    fc.property(fc.oneof(queryTexts, fc.string({ maxLength: 40 })), (typed) => {
      const parsed = parseQuery(typed);
      if (parsed.ok) {
        const printed = printQuery(parsed.value.query);
        expect(read(printed)).toEqual(parsed.value.query);
        expect(printQuery(read(printed))).toBe(printed);
        for (const column of parsed.value.columns.values()) expect(typed.slice(column - 1)).toMatch(/^\S/);
      } else {
        expect(parsed.error.column).toBeGreaterThanOrEqual(1);
        expect(parsed.error.column).toBeLessThanOrEqual(typed.length + 1);
        expect(parsed.error.message).toMatch(/^\S.*[.…]$/);
      }
    }),
  );
});

test('every right query is read', () => {
  fc.assert(
    fc.property(goodQueryTexts, (typed) => {
      expect(parseQuery(typed)).toMatchObject(typed.length > 2000 ? {} : { ok: true });
    }),
  );
});

test('a field by itself is read, a map with or without its key', () => {
  expect(parsePlace('code')).toEqual({ field: 'status' });
  expect(parsePlace('properties')).toEqual({ field: 'properties' });
  expect(parsePlace('properties.tenant')).toEqual({ field: 'properties', key: 'tenant' });
  expect(parsePlace('properties."a \\" key"')).toEqual({ field: 'properties', key: 'a " key' });
  for (const wrong of ['', 'nothing', 'app.x', 'a b', 'app:x', 'properties."a'])
    expect(parsePlace(wrong)).toBeUndefined();
});
