import type { KeyCounts } from '../dupes/dupes.ts';
import { shownKey } from '../rows/key.ts';
import { shownName } from '../rows/table.ts';
import type { Removed } from './dedupe.ts';
import type { Removal } from './removal.ts';

/** What was there before and after. Each part of it can be checked by a statement of one's own. */
export const reportOf = (removal: Removal, { before, after, removed, archived }: Removed) => ({
  table: shownName(removal.table),
  key: shownKey(removal.key),
  archive: removal.archive,
  removed,
  archived,
  ...facts('before', before),
  ...facts('after', after),
});

/** `rowsBefore`, `distinctBefore`, `excessBefore`. */
function facts<W extends 'before' | 'after'>(when: W, { rows, distinct, excess }: KeyCounts) {
  const suffix = when === 'before' ? 'Before' : 'After';
  return { [`rows${suffix}`]: rows, [`distinct${suffix}`]: distinct, [`excess${suffix}`]: excess };
}
