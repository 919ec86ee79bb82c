import type { Io } from '../../../io.ts';
import { type Kept, placeOf } from '../../../ops/branches/trash/lot.ts';
import type { ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';

/** What `--json` prints of branches in the trash: an interface, see docs/cli.md. */
export const KEPT_SHAPE = '{repository, branch, remote, commit, deleted, why}';

/** Prints branches in the trash. */
export async function showKept(io: Io, kept: readonly Kept[], options: ListOptions): Promise<void> {
  const records = kept.map(({ repository, name, remote = null, id, deleted = null, why }) => ({
    repository: placeOf(repository),
    branch: name,
    remote,
    commit: id,
    deleted,
    why,
  }));
  await printRecords(io, records, options);
  if (records.length === 0) io.say('There is nothing in the trash.\n');
}
