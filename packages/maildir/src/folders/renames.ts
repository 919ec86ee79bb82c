/**
 * The rename of a folder and the change of its row are two steps: whoever dies between them, or a power failure that takes
 * the rename from the root after the row was committed, would leave a row without its folder, and a folder without its
 * annotations, its MAILBOXID and its UIDVALIDITY. So a rename is noted in the index before it begins, until the root is
 * synced; the next opening brings the row to where the folder is.
 */
import { join } from 'node:path';
import type { StoreContext } from '../context.ts';
import { errno, sqliteCode } from '../errors.ts';
import type { MailboxRow } from '../index/mailboxes.ts';
import { RENAME_CLAIM } from '../limits.ts';
import { clearUp } from '../writing/place.ts';

/** Folders before and after. */
interface Step {
  readonly from: string;
  readonly to: string;
}

interface Noted extends Step {
  readonly row: MailboxRow;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

const SEPARATOR = '/'; // no folder's name has one

/** Notes renames that are about to begin; durable when it resolves. Returns the numbers of their mailboxes. */
export function noteRenames({ index, clock }: StoreContext, plan: readonly Step[]): Promise<readonly number[]> {
  return index.db.write(() =>
    plan.flatMap(({ from, to }) => {
      const row = index.mailboxes.byFolder(from);
      if (row === undefined) return [];
      index.facts.set(`renaming ${row.id}`, [from, to, clock()].join(SEPARATOR));
      return [row.id];
    }),
  );
}

/** Takes the notes back, once the root is synced. One that stays costs the next opening a look. */
export const forgetRenames = (context: StoreContext, ids: readonly number[]): Promise<void> =>
  clearUp(context, () =>
    context.index.db.writeLate(() => {
      for (const id of ids) context.index.facts.remove(`renaming ${id}`);
    }),
  );

function readNote({ index }: StoreContext, id: number): Noted | undefined {
  const [from, to, time] = index.facts.get(`renaming ${id}`)?.split(SEPARATOR) ?? [];
  const row = index.mailboxes.byId(id);
  if (row === undefined || from === undefined || to === undefined) return undefined;
  return { row, from, to, time: Number(time) };
}

/** Brings the row to its folder; true where the note is needed no more. Runs inside a write transaction. */
function settle(context: StoreContext, note: Noted, next: () => number): boolean {
  const { index, fs, maildir, clock } = context;
  const { row, from, to, time } = note;
  const other = row.folder === from ? to : row.folder === to ? from : undefined;
  if (other === undefined) return true; // renamed once more
  const isThere = (folder: string): boolean => fs.now.stat(join(maildir, folder, 'cur')) !== undefined;
  if (!isThere(row.folder) && isThere(other)) {
    index.mailboxes.rename(row.folder, other, next);
    return true;
  }
  const age = clock() - time;
  return !(age >= 0 && age < RENAME_CLAIM); // another process may be at it
}

/** Brings rows to their folders after renames that were not finished. A full disk or a lock fails nothing. */
export async function settleRenames(context: StoreContext, next: () => number): Promise<void> {
  const { index, fs, maildir, log } = context;
  try {
    if (index.facts.renaming().length === 0) return;
    const over = await index.db.write(() =>
      index.facts.renaming().filter((id) => {
        const note = readNote(context, id);
        return note === undefined || settle(context, note, next);
      }),
    );
    if (over.length === 0) return;
    await fs.syncDirectory(maildir);
    await forgetRenames(context, over);
    for (const id of over) index.committed(id);
  } catch (error) {
    if (sqliteCode(error) === undefined && errno(error) === undefined) throw error;
    const reason = error instanceof Error ? error.message : 'unknown reason';
    log({
      level: 'warn',
      code: 'look-unrecorded',
      message: `A rename that was cut short is not settled yet: ${reason}`,
    });
  }
}
