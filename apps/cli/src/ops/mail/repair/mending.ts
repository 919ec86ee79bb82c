import { dirname, join } from 'node:path';
import { ABSENT, stateOf } from '../../plan/actions/place.ts';
import type { Planner } from '../../plan/planner.ts';

/** An account whose mail is being mended, and the plan for it. */
export interface Mending {
  readonly user: string;
  readonly maildir: string;
  readonly indexFile: string;
  /** Whose Maildir it is, as the system counts users. */
  readonly owner: number;
  readonly planner: Planner;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Takes why a fault stays: the rest of a sentence that begins with the account. */
  leave(why: string): void;
}

/** Where things are set aside: beside the Maildir, on its file system, where no mail program looks. */
const asideFolder = ({ maildir }: Mending): string => join(dirname(maildir), 'set-aside');

/** A free place for something, `parts` below the folder for such things; as `pathText` writes it. */
export async function freePlace(mending: Mending, parts: string): Promise<string> {
  const wanted = join(asideFolder(mending), parts);
  for (let number = 0; ; number += 1) {
    const place = number === 0 ? wanted : `${wanted}.${number}`;
    if (!mending.planner.isTaken(place) && (await stateOf(place)) === ABSENT) return place;
  }
}
