import { expect, test } from 'vitest';
import type { PlaceRow } from '../src/index/message-row.ts';
import { toBaseName, toUid } from '../src/names/ids.ts';
import { Reconciliation } from '../src/sync/reconcile.ts';

const row = (uid: number, base: string, inNew: boolean, info: string): PlaceRow => ({
  uid: toUid(uid),
  base: toBaseName(base),
  inNew,
  info,
});

function reconcile(rows: readonly PlaceRow[], fresh: readonly string[], cur: readonly string[]) {
  const found = new Reconciliation({ new: new Set(fresh), cur: new Set(cur) });
  for (const one of rows) found.compare(one);
  for (const [inNew, name] of found.unexplained()) {
    found.explain(inNew, name, (base) => rows.find((one) => one.base === base));
  }
  return found;
}

test('new files, moved files and files that were not seen are told apart by base name', () => {
  const rows = [row(1, 'a', true, ''), row(2, 'b', false, ':2,S'), row(3, 'c', false, ':2,')];
  const found = reconcile(rows, ['d'], ['a:2,', 'c:2,']);
  expect(found.added).toEqual({ new: new Set(['d']), cur: new Set() });
  expect(found.moved).toEqual([{ row: rows[0], to: { base: 'a', inNew: false, info: ':2,' } }]);
  expect(found.missing).toEqual([rows[1]]);
  expect(found.duplicates).toEqual([]);
});

test('of several files with one base name, one is the message and the others are told', () => {
  const rows = [row(1, 'a', false, ':2,S'), row(2, 'b', true, '')];
  const found = reconcile(rows, ['a'], ['a:2,S', 'b:2,', 'b:2,F']);
  expect(found.moved).toEqual([{ row: rows[1], to: { base: 'b', inNew: false, info: ':2,F' } }]);
  expect(found.duplicates.map(({ base, info, shown }) => [base, info, shown.info])).toEqual([
    ['a', '', ':2,S'],
    ['b', ':2,', ':2,F'],
  ]);
  expect([found.missing, [...found.added.new], [...found.added.cur]]).toEqual([[], [], []]);
});

test('a file that was entered while the folder was read is neither new nor a duplicate', () => {
  const rows = [row(1, 'a', false, ':2,S')];
  const found = new Reconciliation({ new: new Set(), cur: new Set(['a:2,S', 'late:2,']) });
  for (const one of rows) found.compare(one);
  for (const [inNew, name] of found.unexplained()) found.explain(inNew, name, () => row(2, 'late', false, ':2,'));
  expect([...found.added.cur, ...found.duplicates, ...found.moved, ...found.missing]).toEqual([]);
});
