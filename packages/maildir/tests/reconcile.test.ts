import { expect, test } from 'vitest';
import { toBaseName, toUid } from '../src/ids.ts';
import type { Place } from '../src/index/messages.ts';
import { reconcile } from '../src/reconcile.ts';

const row = (uid: number, base: string, inNew: boolean, info: string) => ({
  uid: toUid(uid),
  base: toBaseName(base),
  inNew,
  info,
});
const seen = (...entries: [string, boolean, string][]): Map<ReturnType<typeof toBaseName>, Place> =>
  new Map(entries.map(([base, inNew, info]) => [toBaseName(base), { inNew, info }]));

test('new files, moved files and files that were not seen are told apart by base name', () => {
  const rows = [row(1, 'a', true, ''), row(2, 'b', false, ':2,S'), row(3, 'c', false, ':2,')];
  const difference = reconcile(rows, seen(['a', false, ':2,'], ['c', false, ':2,'], ['d', true, '']));
  expect(difference.added).toEqual([{ base: 'd', inNew: true, info: '' }]);
  expect(difference.moved).toEqual([{ row: rows[0], to: { inNew: false, info: ':2,' } }]);
  expect(difference.missing).toEqual([rows[1]]);
});
