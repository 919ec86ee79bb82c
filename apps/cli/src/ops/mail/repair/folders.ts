import { join } from 'node:path';
import { makeDirectory } from '../../plan/actions/directory.ts';
import { move } from '../../plan/actions/move.ts';
import { pathText } from '../../plan/actions/path.ts';
import { ABSENT, stateOf } from '../../plan/actions/place.ts';
import { freePlace, type Mending } from './mending.ts';

/** Adds the steps that give a folder the directory that it lacks. `path` is below the Maildir. */
export async function mendFolder(mending: Mending, path: string): Promise<void> {
  const { user, maildir, planner } = mending;
  const place = pathText(Buffer.from(join(maildir, path)));
  if ((await stateOf(place)) !== ABSENT) {
    const to = await freePlace(mending, pathText(Buffer.from(path)));
    await planner.add(
      `${user}: set ${path} aside, which is no directory.`,
      move.of({ from: place, to, folders: 'make' }),
    );
  }
  await planner.add(
    `${user}: make the directory ${path}, which every Maildir folder has.`,
    makeDirectory.of({ path: place }),
  );
}
