/**
 * What a message's name does not tell: its date and sizes. They are learnt when somebody asks, a slice of messages at a
 * time, and kept as a cache is: where it cannot be written now, or gets lost, the files are looked at again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Uid } from '../api.ts';
import { internalDateOf, measure } from '../content/content.ts';
import { openFileOf } from '../content/open-message.ts';
import type { StoreContext } from '../context.ts';
import { isMissing, toStoreError } from '../errors.ts';
import type { OpenFile, Stat } from '../files/file-system.ts';
import { pathOf } from '../files/places.ts';
import type { Learnt, MessageRow } from '../index/message-row.ts';
import { ROWS } from '../limits.ts';
import { claimedSizes } from '../names/file-name.ts';
import { inSlices } from '../slices.ts';
import type { Workplace } from '../writing/alter.ts';
import { inParallel } from './apply.ts';

/** The virtual size that the name claims, if the name is right about the file's size. */
function trusted(base: string, size: number): number | undefined {
  const claimed = claimedSizes(base);
  if (claimed.size !== size || claimed.virtual === undefined) return undefined;
  return claimed.virtual >= size && claimed.virtual <= 2 * size ? claimed.virtual : undefined;
}

const claimedOf = (stat: Stat, virtualSize: number): Learnt => ({
  internalDate: internalDateOf(stat.mtime),
  size: stat.size,
  virtualSize,
  details: 'claimed',
});

/** Counts a file whose name claims no sizes, or wrong ones. */
async function count(file: OpenFile): Promise<Learnt> {
  const { mtime, size } = await file.stat();
  return { internalDate: internalDateOf(mtime), ...(await measure(file, size)), details: 'counted' };
}

async function countAndClose(file: OpenFile): Promise<Learnt> {
  try {
    return await count(file);
  } finally {
    await file.close();
  }
}

/** Looks at one file closely; undefined where the message is gone. */
async function lookClosely(work: Workplace, row: MessageRow): Promise<Learnt | undefined> {
  const { fs, log } = work.context;
  const path = pathOf(work.folder.path, row.base, row);
  try {
    return await countAndClose(await fs.open(path, 'read'));
  } catch (error) {
    if (isMissing(error)) {
      const file = await openFileOf(work, row.uid); // renamed meanwhile: looked for by its base name
      return file === undefined ? undefined : countAndClose(file);
    }
    const known = toStoreError(error);
    const stat = fs.now.stat(path);
    if (known === undefined || stat === undefined) throw error;
    // One file that cannot be read must not keep the others from being listed; opening it says why.
    log({ level: 'warn', code: 'unreadable-file', message: `The size of ${path} is a guess: ${known.message}` });
    return claimedOf(stat, stat.size);
  }
}

/** Learns about messages of which only the name is known; those that are gone are left out. */
async function learn(
  work: Workplace,
  rows: readonly MessageRow[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<Uid, Learnt>> {
  const { fs } = work.context;
  const learnt = new Map<Uid, Learnt>();
  const closely: MessageRow[] = [];
  await inSlices(
    rows,
    (row) => {
      const stat = fs.now.stat(pathOf(work.folder.path, row.base, row));
      const virtualSize = stat === undefined ? undefined : trusted(row.base, stat.size);
      if (stat === undefined || virtualSize === undefined) closely.push(row);
      else learnt.set(row.uid, claimedOf(stat, virtualSize));
    },
    signal,
  );
  await inParallel(closely, async (row) => {
    signal?.throwIfAborted();
    const found = await lookClosely(work, row);
    if (found !== undefined) learnt.set(row.uid, found);
  });
  keep(work.context, work.folder.id, learnt);
  return learnt;
}

function keep(context: StoreContext, mailbox: number, learnt: ReadonlyMap<Uid, Learnt>): void {
  const { index, log } = context;
  try {
    index.db.writeCache(() => {
      for (const [uid, one] of learnt) index.messages.learn(mailbox, uid, one);
    });
  } catch (error) {
    const known = toStoreError(error);
    if (known === undefined || known.code === 'index-replaced') throw error;
    // What was found out is right all the same.
    const message = `Dates and sizes of messages could not be kept: ${known.message}`;
    log({ level: 'info', code: 'look-unrecorded', message });
  }
}

/** The rows of these messages, ascending, with everything that can be known of them. */
export async function detailedRows(work: Workplace, uids: Uint32Array, signal?: AbortSignal): Promise<MessageRow[]> {
  const { messages } = work.context.index;
  const rows = messages.rows(work.folder.id, uids);
  const unknown = rows.filter((row) => row.details === 'name');
  if (unknown.length === 0) return rows;
  const learnt = await learn(work, unknown, signal);
  return messages.rows(work.folder.id, uids).flatMap((row) => {
    if (row.details !== 'name') return [row];
    const found = learnt.get(row.uid);
    return found === undefined ? [] : [{ ...row, ...found }];
  });
}

/** Makes sure that every message of the folder counts in the sum of sizes. */
export async function learnAll(work: Workplace, signal?: AbortSignal): Promise<void> {
  const { messages } = work.context.index;
  for (let after = 0; ; ) {
    const uids = messages.unlearnt(work.folder.id, after, ROWS);
    const last = uids.at(-1);
    if (last === undefined) return;
    after = last;
    await learn(work, messages.rows(work.folder.id, uids), signal);
    await nextTurn();
    signal?.throwIfAborted();
  }
}
