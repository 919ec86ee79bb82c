/** Branches of a lot in words. Pure. */
import { type Lot, placeOf } from './lot.ts';

/** Names that a sentence has room for. */
const NAMED = 10;

type Told = Pick<Lot, 'repository' | 'branches'> & { readonly remote?: string };

/** `the branch a of /codebases/shop`, `2 branches at origin of /codebases/shop (a, b)`. */
export function tellBranches({ repository, branches, remote }: Told, where = 'of'): string {
  const place = `${remote === undefined ? where : `at ${remote} of`} ${placeOf(repository)}`;
  const names = branches.map(({ name }) => name);
  if (names.length === 1) return `the branch ${names[0]} ${place}`;
  const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : '';
  return `${names.length.toLocaleString('en')} branches ${place} (${names.slice(0, NAMED).join(', ')}${more})`;
}
