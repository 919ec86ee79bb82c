import { describe, expect, it } from 'vitest';
import { nextSort } from '../src/components/table/column.ts';
import { parseSort, printSort, type Sort, sortRows } from '../src/components/table/sort.ts';
import { toRow } from '../src/features/apps/app-row.ts';
import { appColumns, byFailureRate } from '../src/features/apps/columns.tsx';
import { parseView, printView, SORTABLE, WORST_FIRST } from '../src/features/apps/search.ts';
import { matchesWords } from '../src/lib/match-words.ts';
import { app, appsAnswer, fourApps, NOW } from './support/answers.ts';

const at = Date.parse(NOW);
const columns = appColumns(1800, at);
const columnOf = (id: string) => {
  const found = columns.find((column) => column.id === id);
  if (found === undefined) throw new Error(`no column ${id}`);
  return found;
};

function sorted(apps: Parameters<typeof toRow>[0][], { column, descending }: Sort = WORST_FIRST): string[] {
  const rows = apps.map((one) => toRow(one, appsAnswer([]))).toSorted((a, b) => a.name.localeCompare(b.name));
  const key = columnOf(column).key ?? (() => null);
  return sortRows(rows, key, descending, byFailureRate).map((row) => row.name);
}

describe('order', () => {
  it('leaves what has no value at the end, whichever way round', () => {
    const apps = fourApps();
    expect(sorted(apps, { column: 'p95', descending: true }).at(-1)).toBe('unheard');
    expect(sorted(apps, { column: 'p95', descending: false }).at(-1)).toBe('unheard');
    expect(sorted(apps, { column: 'lastSeen', descending: false }).at(-1)).toBe('unheard');
  });

  it('puts failing before silent before healthy before waiting, the worse rate first among equals', () => {
    const apps = [...fourApps(), app('burning', { failures: 900, state: 'failing' }), app('iffy', { failures: 40 })];
    expect(sorted(apps)).toEqual(['burning', 'broken', 'quiet', 'iffy', 'calm', 'unheard']);
  });

  it('takes numbers in names as numbers', () => {
    const apps = ['web-10', 'web-2', 'Api', 'web-1'].map((name) => app(name));
    expect(sorted(apps, { column: 'name', descending: true })).toEqual(['web-10', 'web-2', 'web-1', 'Api']);
  });

  it('sorts failures by share, not by number', () => {
    const apps = [app('big', { requests: 1e6, failures: 1000 }), app('small', { requests: 10, failures: 2 })];
    expect(sorted(apps, { column: 'failures', descending: true })).toEqual(['small', 'big']);
  });
});

describe('a sparkline', () => {
  it('leaves out what has only begun, or lies ahead', () => {
    const at = (to: string): number[] =>
      toRow(app('x', { sparkline: [5, 6, 7, 1] }), { ...appsAnswer([]), now: NOW, to, stepSeconds: 60 }).sparkline;
    expect(at(NOW)).toEqual([5, 6, 7, 1]);
    expect(at('2026-03-21T23:00:30.000Z')).toEqual([5, 6, 7]);
    expect(at('2026-03-21T23:01:30.000Z')).toEqual([5, 6]);
    expect(at('2026-03-21T23:30:00.000Z')).toEqual([5]);
  });
});

describe('the address', () => {
  it('gives back every view that it was given', () => {
    for (const column of SORTABLE) {
      for (const descending of [true, false]) {
        const view = { sort: { column, descending }, filter: 'a & b=c' };
        expect(parseView({ ...printView(view) })).toEqual(view);
      }
    }
    expect(printSort(parseSort(undefined, SORTABLE, WORST_FIRST), WORST_FIRST)).toBeUndefined();
  });

  it('survives values that are no text', () => {
    expect(parseView({ sort: ['name'], filter: { a: 1 } })).toEqual(parseView({}));
  });

  it('names only columns that the table sorts by, and all of them', () => {
    expect(SORTABLE).toEqual(columns.filter(({ key }) => key !== undefined).map(({ id }) => id));
  });

  it('turns an order round at the second click on a header', () => {
    const once = nextSort(WORST_FIRST, columnOf('name'));
    expect(once).toEqual({ column: 'name', descending: false });
    expect(nextSort(once, columnOf('name'))).toEqual({ column: 'name', descending: true });
    expect(nextSort(once, columnOf('p95'))).toEqual({ column: 'p95', descending: true });
  });
});

describe('the filter', () => {
  it('wants every word, in any case and order', () => {
    expect(matchesWords('Shop-Checkout', 'out  shop')).toBe(true);
    expect(matchesWords('Shop-Checkout', 'shop cart')).toBe(false);
    expect(matchesWords('Shop-Checkout', ' ')).toBe(true);
  });
});
