import { describe, expect, it } from 'vitest';
import { toRow } from '../src/features/apps/app-row.ts';
import { matchesFilter, parseView, printView } from '../src/features/apps/search.ts';
import { COLUMNS, type Column, firstSort, nextSort, sortRows, WORST_FIRST } from '../src/features/apps/sort.ts';
import { app, fourApps, NOW } from './support/fake-api.ts';

const at = Date.parse(NOW);
const sorted = (apps: Parameters<typeof toRow>[0][], sort = WORST_FIRST): string[] =>
  sortRows(
    apps.map((one) => toRow(one, at)),
    sort,
  ).map((row) => row.name);

describe('order', () => {
  it('leaves what has no value at the end, whichever way round', () => {
    const apps = fourApps();
    expect(sorted(apps, { column: 'p95', descending: true }).at(-1)).toBe('unheard');
    expect(sorted(apps, { column: 'p95', descending: false }).at(-1)).toBe('unheard');
    expect(sorted(apps, { column: 'lastSeen', descending: false }).at(-1)).toBe('unheard');
  });

  it('puts failing before silent before healthy before waiting, the worse rate first among equals', () => {
    const apps = [...fourApps(), app('burning', { failures: 900 }), app('iffy', { failures: 40 })];
    expect(sorted(apps)).toEqual(['burning', 'broken', 'quiet', 'iffy', 'calm', 'unheard']);
  });

  it('does not shuffle equals: names decide, with numbers as numbers, whatever the order that came', () => {
    const apps = ['web-10', 'web-2', 'Api', 'web-1'].map((name, index) =>
      app(name, { requests: 100_000, failures: index }),
    );
    expect(sorted(apps)).toEqual(['Api', 'web-1', 'web-2', 'web-10']);
    expect(sorted(apps.toReversed())).toEqual(['Api', 'web-1', 'web-2', 'web-10']);
    expect(sorted(apps, { column: 'name', descending: true })).toEqual(['web-10', 'web-2', 'web-1', 'Api']);
  });

  it('sorts failures by share, not by number', () => {
    const apps = [app('big', { requests: 1e6, failures: 1000 }), app('small', { requests: 10, failures: 2 })];
    expect(sorted(apps, firstSort('failures'))).toEqual(['small', 'big']);
  });
});

describe('state', () => {
  const state = (more: Parameters<typeof app>[1]): string => toRow(app('x', more), at).state;
  it('turns at its thresholds', () => {
    expect(state({ requests: 100, failures: 5 })).toBe('failing');
    expect(state({ requests: 100, failures: 4.9 })).toBe('healthy');
    expect(state({ lastSeen: new Date(at - 15 * 60_000).toISOString() })).toBe('healthy');
    expect(state({ lastSeen: new Date(at - 15 * 60_000 - 1).toISOString(), failures: 900 })).toBe('silent');
    expect(state({ requests: 0, failures: 0 })).toBe('healthy');
  });
});

describe('the address', () => {
  it('gives back every view that it was given', () => {
    for (const column of COLUMNS) {
      for (const descending of [true, false]) {
        const view = { range: '6h', sort: { column, descending }, filter: 'a & b=c' } as const;
        expect(parseView({ ...printView(view) })).toEqual(view);
      }
    }
    expect(printView(parseView({}))).toEqual({});
  });

  it('survives values that are no text', () => {
    expect(parseView({ range: 5, sort: ['name'], filter: { a: 1 } })).toEqual(parseView({}));
  });

  it('comes back to the first order after two clicks', () => {
    for (const column of COLUMNS.filter((name): name is Exclude<Column, 'state'> => name !== 'state')) {
      const once = nextSort(WORST_FIRST, column);
      expect(nextSort(nextSort(once, column), column)).toEqual(once);
    }
  });
});

describe('the filter', () => {
  it('wants every word, in any case and order', () => {
    expect(matchesFilter('Shop-Checkout', 'out  shop')).toBe(true);
    expect(matchesFilter('Shop-Checkout', 'shop cart')).toBe(false);
    expect(matchesFilter('Shop-Checkout', ' ')).toBe(true);
  });
});
