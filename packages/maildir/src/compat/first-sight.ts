/**
 * A mailbox is seen for the first time: what another server has told clients of it is taken over, so that they keep their
 * caches. Hazards, and what is done about them:
 *  - The list is older than the index. After the index was lost, the same list must not be adopted once more: UIDs above it
 *    have been given since, and would be given again to other messages. So a folder is marked (`scorpiox-adopted`) before
 *    the mailbox's row is committed; the mark goes with the folder, whatever it is renamed to. A marked folder gets a new
 *    UIDVALIDITY instead.
 *  - The name had a higher UIDVALIDITY before: then the mailbox gets a new one (RFC 9051 §2.3.1.1).
 *  - Clients also keep the other server's HIGHESTMODSEQ, which no list tells. Under one that is lower here they would miss
 *    what changed since. Other servers count changes: the clock's second is above every such count. So it is where ours
 *    begin, and who comes from below is told of all flags and compares UIDs, once.
 *  - The list lies, or is damaged: uid-list.ts.
 *  - The list is long. Its UIDs are entered in slices between which the loop turns, under a mailbox of a name that no folder
 *    has; it gets the folder's name in the transaction that would have made the row. One that is left behind when the
 *    process dies is forgotten like any mailbox whose folder is gone.
 *  - Another program renames or removes files meanwhile: the list is only about base names, and is compared with the
 *    folder by its first scan.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoreContext } from '../context.ts';
import { isMissing } from '../errors.ts';
import type { MailboxRow } from '../index/mailboxes.ts';
import { LETTER_KEYWORDS, MAX_ADOPTED_NUMBER, ROWS } from '../limits.ts';
import { clearUp } from '../writing/place.ts';
import { adoptCourierKeywords, type LeftKeywords } from './courier.ts';
import { readLines } from './lines.ts';
import { type UidList, UidListReader } from './uid-list.ts';

export const DOVECOT_LIST = 'dovecot-uidlist';
const COURIER_LIST = 'courierimapuiddb';
/** In a folder whose UIDs were taken over from another server's list: that list is out of date. */
const ADOPTED_MARK = 'scorpiox-adopted';

/** What a mailbox's row is to begin with. */
interface Predecessor {
  readonly list: UidList;
  readonly from: typeof DOVECOT_LIST | typeof COURIER_LIST;
}

async function readList(context: StoreContext, path: string): Promise<UidList | undefined> {
  const reader = new UidListReader();
  try {
    await readLines(context.fs, path, (line) => reader.add(line));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const list = reader.list();
  const warn = (message: string): void => context.log({ level: 'warn', code: 'list-distrusted', message });
  if (list === undefined)
    warn(`${path} is no list of UIDs that can be taken over; clients will load this mailbox anew.`);
  else if (list.ignored > 0)
    warn(`${list.ignored} lines of ${path} contradict others or are damaged and were left out.`);
  return list;
}

/** What another server left in the folder, unless it was taken over before. */
async function findPredecessor(context: StoreContext, path: string): Promise<Predecessor | undefined> {
  if ((await context.fs.stat(join(path, ADOPTED_MARK))) !== undefined) return undefined;
  for (const from of [DOVECOT_LIST, COURIER_LIST] as const) {
    const list = await readList(context, join(path, from));
    if (list !== undefined) return { list, from };
  }
  return undefined;
}

/** Whether a mailbox of this folder may have this UIDVALIDITY. */
function isUsable(context: StoreContext, folder: string, uidValidity: number): boolean {
  const used = context.index.mailboxes.usedUidValidity(folder);
  return uidValidity <= MAX_ADOPTED_NUMBER && (used === undefined || uidValidity > used);
}

/** A mailbox that holds a predecessor's UIDs and has no folder yet. */
interface Prepared extends Predecessor {
  readonly id: number;
}

const discard = (context: StoreContext, id: number): Promise<void> =>
  clearUp(context, () => context.index.db.write(() => context.index.mailboxes.discard(id)));

/** Enters keywords that no file name can hold, in slices like the UIDs. */
async function prepareKeywords({ index }: StoreContext, id: number, { keywords, extras }: LeftKeywords): Promise<void> {
  const all = [...extras];
  for (let at = 0; at < all.length; at += ROWS) {
    await index.db.writeLate(() => {
      for (const [base, extra] of all.slice(at, at + ROWS)) index.adoptedKeywords.adopt(id, base, extra);
    });
    await nextTurn();
  }
  await index.db.writeLate(() => {
    for (const [ordinal, name] of keywords.entries()) {
      if (ordinal >= LETTER_KEYWORDS && name !== undefined) index.keywords.set(id, ordinal, name);
    }
  });
}

/** A mailbox that carries nothing else on still has the keywords. Runs inside a write transaction. */
function passKeywords({ index }: StoreContext, from: number, to: number): void {
  for (const [ordinal, name] of index.keywords.all(from).entries()) {
    if (name !== undefined) index.keywords.set(to, ordinal, name);
  }
  index.adoptedKeywords.pass(from, to);
}

/**
 * Enters a predecessor's UIDs and keywords; written late, since nothing of it counts before the transaction that adopts
 * it.
 */
async function prepare(
  context: StoreContext,
  predecessor: Predecessor,
  left: LeftKeywords | undefined,
): Promise<Prepared> {
  const { index } = context;
  const { list } = predecessor;
  const name = `adopting-${context.newBase()}`;
  const id = await index.db.writeLate(() => {
    const row = index.mailboxes.add(name, list.uidValidity);
    const modSeq = Math.max(row.highestModSeq, Math.floor(context.clock() / 1000));
    index.mailboxes.advance(row.id, list.uidNext, modSeq);
    index.mailboxes.raiseHistory(row.id, modSeq);
    return row.id;
  });
  try {
    const uids = [...list.uids];
    for (let at = 0; at < uids.length; at += ROWS) {
      await index.db.writeLate(() => {
        for (const [base, uid] of uids.slice(at, at + ROWS)) index.adopted.adopt(id, base, uid);
      });
      await nextTurn();
    }
    if (left !== undefined) await prepareKeywords(context, id, left);
    return { ...predecessor, id };
  } catch (error) {
    await discard(context, id);
    throw error;
  }
}

/**
 * Makes a prepared mailbox the folder's, which carries on another server's; false where its UIDVALIDITY cannot be kept. Runs
 * inside a write transaction. `remember` keeps a UIDVALIDITY from being given again, whatever becomes of the index.
 */
function adopt(
  context: StoreContext,
  folder: string,
  { list, from, id }: Prepared,
  remember: (uidValidity: number) => void,
): boolean {
  const { index, fs, log } = context;
  const path = join(context.maildir, folder);
  if (!isUsable(context, folder, list.uidValidity)) {
    const message = `${path} had a higher UIDVALIDITY than ${from} says; clients will load this mailbox anew.`;
    log({ level: 'warn', code: 'list-distrusted', message });
    return false;
  }
  index.mailboxes.settle(id, folder);
  remember(list.uidValidity);
  fs.now.replaceText(join(path, ADOPTED_MARK), `${from} ${list.uidValidity} ${list.uidNext}\n`);
  const message = `${path} keeps UIDVALIDITY ${list.uidValidity} and the UIDs of ${from} (${list.uids.size} listed).`;
  log({ level: 'info', code: 'uids-adopted', message });
  return true;
}

/** Where UIDVALIDITYs come from. */
export interface UidValidities {
  /** A new one, above all before. */
  readonly next: () => number;
  readonly remember: (uidValidity: number) => void;
}

/** Makes the row of a mailbox that is seen for the first time, in one transaction with what it takes over. */
export async function firstSight(context: StoreContext, folder: string, given: UidValidities): Promise<MailboxRow> {
  const { index, fs } = context;
  const path = join(context.maildir, folder);
  const predecessor = await findPredecessor(context, path);
  const left = predecessor?.from === COURIER_LIST ? await adoptCourierKeywords(context, path) : undefined;
  const prepared = predecessor === undefined ? undefined : await prepare(context, predecessor, left);
  let adopting = false;
  try {
    return await index.db.write(() => {
      const known = index.mailboxes.byFolder(folder);
      adopting = known === undefined && prepared !== undefined;
      if (adopting && prepared !== undefined && adopt(context, folder, prepared, given.remember)) {
        const row = index.mailboxes.byFolder(folder);
        if (row !== undefined) return row;
      }
      const made = known ?? index.mailboxes.add(folder, given.next()); // or another process was quicker
      if (adopting && prepared !== undefined) passKeywords(context, prepared.id, made.id);
      if (prepared !== undefined) index.mailboxes.discard(prepared.id);
      return made;
    });
  } catch (error) {
    // Nothing was taken over: the next attempt may.
    if (adopting && fs.now.exists(join(path, ADOPTED_MARK))) fs.now.unlink(join(path, ADOPTED_MARK));
    if (prepared !== undefined) await discard(context, prepared.id);
    throw error;
  }
}
