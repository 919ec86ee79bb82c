// @vitest-environment node
import { makePredicate, parseQuery } from '@scorpiox/shared/query-language';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COLUMNS,
  columnOf,
  DEFAULT_COLUMNS,
  parseColumns,
  printColumns,
  toggleColumn,
} from '../../src/features/events/columns.ts';
import { termOf, withTerm } from '../../src/features/events/terms.ts';
import { eventPath, parseEventAddress, printEventAddress } from '../../src/lib/event-address.ts';
import { event } from '../support/events.ts';

const full = event('e1', {
  id: 'span-1',
  operationId: 'op-1',
  parentId: 'par-1',
  durationMs: 1.5,
  success: false,
  code: '5xx',
  message: 'a "quoted" text: with -minus and * star',
  severity: 'error',
  value: -2.5,
  unit: 'MiB',
  user: 'OR',
  session: 's 1',
  instance: 'web-1',
  version: '1.2.3',
  properties: { tenant: 'acme (old)', 'two words': 'x' },
  measurements: { items: 3 },
});

const subject = (one: typeof full) => ({
  ...one,
  weight: one.count,
  durationUs: Math.round((one.durationMs ?? 0) * 1000),
});
const finds = (query: string, one = full): boolean => {
  const parsed = parseQuery(query);
  if (!parsed.ok) throw new Error(`${query}: ${parsed.error.message}`);
  return makePredicate(parsed.value.query)(subject(one));
};

const withValue = [
  ...COLUMNS.map(({ id }) => id).filter((id) => id !== 'count'),
  'properties.tenant',
  'properties.two words',
  'measurements.items',
];

describe('a term for a value', () => {
  it.each(withValue)('of %s finds the event, and not one without it', (column) => {
    const term = termOf(full, column) ?? '';
    expect(finds(term)).toBe(true);
    expect(finds(withTerm('', term, false))).toBe(false);
    const other = event('e2', { app: 'other', kind: 'metric', name: 'other', durationMs: 1, success: true });
    expect(finds(term, other)).toBe(false);
  });

  it('is not there for what the event does not say, nor for what is too long to ask for', () => {
    expect(termOf(event('e', {}), 'user')).toBeUndefined();
    expect(termOf(event('e', {}), 'properties.tenant')).toBeUndefined();
    expect(termOf(event('e', { message: 'x'.repeat(600) }), 'message')).toBeUndefined();
  });

  it('is put to a query as one thing more', () => {
    expect(withTerm('', 'app:shop', true)).toBe('app:shop');
    expect(withTerm(' kind:request ', 'app:shop', false)).toBe('kind:request -app:shop');
    expect(withTerm('app:a OR app:b', 'kind:request', true)).toBe('(app:a OR app:b) kind:request');
    expect(withTerm('kind:request app:shop', 'app:shop', true)).toBe('kind:request app:shop');
    expect(withTerm('app:shop kind:request', 'app:shop', true)).toBe('app:shop kind:request');
  });
});

describe('columns in the address', () => {
  it('are left out as by default, and nonsense in them is dropped', () => {
    expect(parseColumns(undefined)).toEqual(DEFAULT_COLUMNS);
    expect(printColumns(DEFAULT_COLUMNS)).toBeUndefined();
    expect(parseColumns('app,password,app,user')).toEqual(['app', 'user']);
    expect(parseColumns(',,')).toEqual(DEFAULT_COLUMNS);
    expect(columnOf('constructor')).toBeUndefined();
  });

  it('come back as they were, whatever their keys are spelled like', () => {
    const anyColumn = fc.oneof(
      fc.constantFrom(...COLUMNS.map(({ id }) => id)),
      fc.string({ minLength: 1, maxLength: 8 }).map((key) => `properties.${key}`),
    );
    fc.assert(
      fc.property(fc.uniqueArray(anyColumn, { minLength: 1, maxLength: 30 }), (columns) => {
        expect(parseColumns(printColumns(columns))).toEqual(columns);
      }),
    );
  });

  it('are put in and taken out', () => {
    expect(toggleColumn(['app', 'name'], 'kind')).toEqual(['app', 'kind', 'name']);
    expect(toggleColumn(['app', 'properties.x'], 'user')).toEqual(['app', 'user', 'properties.x']);
    expect(toggleColumn(['app', 'name'], 'app')).toEqual(['name']);
  });
});

describe('an event’s address', () => {
  it('comes back as it was, whatever its application is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (app) => {
        const { time, hash } = full;
        expect(parseEventAddress(printEventAddress({ app, time, hash }))).toEqual({ app, time, hash });
      }),
    );
    expect(parseEventAddress('nonsense')).toBeNull();
    expect(parseEventAddress(undefined)).toBeNull();
    expect(eventPath({ ...full, app: 'a/b' })).toMatch(/^\/api\/events\/a%2Fb\/2026/);
  });
});
