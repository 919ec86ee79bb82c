/**
 * Synchronises a folder with the index: looks, compares, applies, and looks again where what it saw had moved on.
 * See ../README.md for the hazards that the order of things here answers.
 *
 * The first scan of a folder enters names alone, in transactions that are not synced one by one: nobody is told of the
 * UIDs before the last transaction, which is synced and marks the folder as scanned. Whoever finds it not marked yet,
 * after a crash or in another process at the same time, scans it too and ends with such a transaction of its own.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BaseName, Uid } from '../api.ts';
import type { Folder, StoreContext } from '../context.ts';
import { folderGone, isMissing, toStoreError } from '../errors.ts';
import type { Place } from '../files/places.ts';
import { pathOf, samePlace } from '../files/places.ts';
import { refreshKeywords } from '../folders/keywords.ts';
import { NEVER_SCANNED, UNTRUSTED } from '../index/mailboxes.ts';
import type { PlaceRow } from '../index/message-row.ts';
import { BATCH, MAX_FILE_NAME, ROWS } from '../limits.ts';
import { emailIdOf, formatInfo, parseFileName, parseInfo } from '../names/file-name.ts';
import { toBaseName } from '../names/ids.ts';
import { KEYWORDS_FILE } from '../names/keywords-file.ts';
import { inSlices, sliceTimer } from '../slices.ts';
import { renamed } from '../writing/carry.ts';
import { Renames } from '../writing/place.ts';
import { addFiles, followFiles, forgetFiles, inBatches, renameRows } from './apply.ts';
import { Leftovers } from './leftovers.ts';
import { inOrderOfDelivery } from './new-files.ts';
import { type Duplicate, Reconciliation } from './reconcile.ts';
import { Refused } from './refused.ts';
import { pairRenumbered } from './renumbered.ts';
import { isMessageFile, type Scan, scanFolder, stampOf, tickOf } from './scan.ts';

/** A full look is repeated this often when files moved between seeing and applying; events or the next look tell the rest. */
const LOOKS = 3;

/** What a look at single messages has shown. */
export interface Examined {
  /** Rows whose file was found nowhere. */
  readonly missing: readonly PlaceRow[];
  /** A base name has a file more than was known: one that may have to get a name of its own. */
  readonly newTwins: boolean;
}

function twinsOf(duplicates: readonly Duplicate[]): Map<BaseName, readonly Place[]> {
  const twins = new Map<BaseName, readonly Place[]>();
  for (const { base, inNew, info, shown } of duplicates) {
    twins.set(base, [...(twins.get(base) ?? []), { inNew, info }, { inNew: shown.inNew, info: shown.info }]);
  }
  return twins;
}

export class FolderSync {
  readonly #context: StoreContext;
  readonly #folder: Folder;
  /** The keywords file as it was when it was read; '' when it has to be read. */
  #keywordsStamp = '';
  readonly #refused: Refused;
  readonly #leftovers: Leftovers;
  /** Base names under which more than one file was seen, and where: what a look at such a name has to look at as well. */
  #twins = new Map<BaseName, readonly Place[]>();

  constructor(context: StoreContext, folder: Folder) {
    this.#context = context;
    this.#folder = folder;
    this.#refused = new Refused(context, folder);
    this.#leftovers = new Leftovers(context, folder);
  }

  /** Some base name has more than one file: until that is over, the folder's times are no proof of what is in it. */
  get hasTwins(): boolean {
    return this.#twins.size > 0;
  }

  /** A second name of a message has been there so long that a rescan may remove it. */
  get hasLeftovers(): boolean {
    return this.#leftovers.isDue;
  }

  /** All places of a base name that was last seen at more than one. */
  placesOfTwins(base: BaseName): readonly Place[] {
    return this.#twins.get(base) ?? [];
  }

  /** Reads the folder unless its times say that nothing changed since the last scan that can be trusted. */
  async look(): Promise<void> {
    const stamp = stampOf(this.#context.fs, this.#folder.path);
    if (stamp === undefined) throw folderGone();
    const row = this.#context.index.mailboxes.byId(this.#folder.id);
    if (row?.scanned !== stamp.text) await this.rescan();
  }

  /** Reads the folder and brings the index up to it; `complete` is false where something seen was not there any more. */
  async rescan(): Promise<{ readonly scan: Scan; readonly complete: boolean }> {
    await this.lookAtKeywords();
    for (let look = 1; ; look += 1) {
      const row = this.#context.index.mailboxes.byId(this.#folder.id);
      const firstScan = row?.scanned === NEVER_SCANNED;
      const scan = await this.#scan('any');
      const complete = await this.#applyAll(scan, row?.uidNext ?? 0, firstScan);
      if (!complete && look < LOOKS) continue;
      if (firstScan || (complete && scan.settled)) await this.#mark(scan, complete);
      if (firstScan) this.#context.index.committed(this.#folder.id);
      this.#refused.told(scan);
      return { scan, complete };
    }
  }

  /** Whether the keywords file is as it was when it was read: a matter of microseconds. */
  areKeywordsKnown(): boolean {
    return this.#keywordsStamp !== '' && this.#stampOfKeywords() === this.#keywordsStamp;
  }

  /** Takes over keyword letters that another program has given, if the file changed. */
  async lookAtKeywords(): Promise<void> {
    if (this.areKeywordsKnown()) return;
    const stamp = this.#stampOfKeywords();
    await refreshKeywords(this.#context, this.#folder);
    this.#keywordsStamp = stamp;
  }

  /** '' where the file is so young that another change need not show in its time. */
  #stampOfKeywords(): string {
    const { fs } = this.#context;
    const stat = fs.now.stat(join(this.#folder.path, KEYWORDS_FILE));
    if (stat === undefined) return 'none';
    const isYoung = stat.mtime > BigInt(Math.floor(fs.time() - tickOf(stat.mtime))) * 1_000_000n;
    return isYoung ? '' : `${stat.id} ${stat.mtime} ${stat.size}`;
  }

  /**
   * Looks at single messages, each at *all* places where its file may be, those of its twins among them. The rows in
   * `missing` had their file at none of them: it may have been renamed to a name that the next events tell.
   */
  async examine(candidates: ReadonlyMap<BaseName, readonly Place[]>): Promise<Examined> {
    const { index } = this.#context;
    await this.lookAtKeywords(); // a letter in a name may be new as well
    const names = { new: new Set<string>(), cur: new Set<string>() };
    const rows = new Map<BaseName, PlaceRow>();
    let newTwins = false;
    await inSlices(candidates, ([base, places]) => {
      const row = index.messages.byBase(this.#folder.id, base);
      if (row !== undefined) rows.set(base, row);
      const existing = this.#existing(base, [...(row === undefined ? [] : [row]), ...places]);
      for (const place of existing) names[place.inNew ? 'new' : 'cur'].add(base + place.info);
      if (this.#noteTwins(base, existing)) newTwins = true;
    });
    const found = new Reconciliation(names);
    for (const row of rows.values()) found.compare(row);
    for (const [inNew, name] of found.unexplained()) found.explain(inNew, name, (base) => rows.get(base));
    await followFiles(this.#context, this.#folder, found.moved);
    const renumbered = await this.#followRenumbered(found, (base) => index.messages.byBase(this.#folder.id, base));
    const files = await inOrderOfDelivery(this.#context, this.#folder, found.added);
    await addFiles(this.#context, this.#folder, files, { firstScan: false, isUnchanged: () => false });
    return { missing: found.missing.filter((row) => !renumbered.has(row.uid)), newTwins };
  }

  /** Files that mbsync has given a number (`,U=n`): another base name, the same message. They keep their UIDs. */
  async #followRenumbered(
    found: Reconciliation,
    rowOf?: (base: BaseName) => PlaceRow | undefined,
  ): Promise<ReadonlySet<Uid>> {
    const pairs = await pairRenumbered(found, rowOf);
    const followed = await renameRows(this.#context, this.#folder, pairs);
    for (const { to } of followed) found.added[to.inNew ? 'new' : 'cur'].delete(to.base + to.info);
    return new Set(followed.map(({ row }) => row.uid));
  }

  /** Whether these are more than were known. */
  #noteTwins(base: BaseName, existing: readonly Place[]): boolean {
    const known = this.#twins.get(base) ?? [];
    if (existing.length > 1) this.#twins.set(base, existing);
    else this.#twins.delete(base);
    return existing.length > 1 && existing.some((place) => !known.some((one) => samePlace(one, place)));
  }

  /** Forgets messages that events have named as gone. Those that turn out to be there stay. */
  async forget(rows: readonly PlaceRow[]): Promise<void> {
    await forgetFiles(this.#context, this.#folder, rows);
  }

  /** Moves what is in new/ to cur/: somebody has the mailbox open for reading. If that gets lost, it is done again. */
  async moveNew(): Promise<void> {
    const { index, fs } = this.#context;
    const { id, path } = this.#folder;
    if (!index.messages.hasNew(id)) return; // after nearly every look
    for (let after = 0; ; ) {
      const batch = index.messages.inNew(id, after, BATCH);
      const last = batch.at(-1);
      if (last === undefined) return;
      after = last.uid; // what could not be moved is left for the next time
      const renames = new Renames(fs.now);
      const move = (seen: PlaceRow): void => {
        const row = index.messages.byUid(id, seen.uid);
        if (row === undefined || !row.inNew) return;
        const to = { inNew: false, info: row.info.startsWith(':2,') ? row.info : formatInfo(parseInfo(row.info)) };
        if (fs.now.exists(pathOf(path, row.base, to))) return; // somebody else has just moved it
        // No room in the name for letters: the message goes on under a shorter one.
        const isLong = Buffer.byteLength(row.base + to.info) > MAX_FILE_NAME;
        const base = isLong ? toBaseName(renamed(this.#context, row.base)) : row.base;
        // Where it is not there, another program has moved it: its events or the next look tell where.
        if (!renames.rename(pathOf(path, row.base, row), pathOf(path, base, to))) return;
        if (isLong) index.messages.rename(id, row.uid, base, row.emailId ?? emailIdOf(row.base));
        index.messages.update(id, row.uid, { ...row, ...to }, row.modSeq);
      };
      try {
        await inBatches(this.#context, this.#folder, batch, (some) => some.forEach(move), 'writeLate');
      } catch (error) {
        renames.undo(); // what is read meanwhile lies where the index says
        throw error;
      }
    }
  }

  /** Those of these places, and of the twins', at which there is a file under this base name; each once. */
  #existing(base: BaseName, places: readonly Place[]): readonly Place[] {
    const { now } = this.#context.fs;
    const existing: Place[] = [];
    for (const { inNew, info } of [...places, ...(this.#twins.get(base) ?? [])]) {
      const place = { inNew, info };
      if (existing.some((one) => samePlace(one, place))) continue;
      const path = pathOf(this.#folder.path, base, place);
      if (isMessageFile(now, path)) existing.push(place);
      else if (now.isLink(path)) this.#refused.foundLink();
    }
    return existing;
  }

  async #scan(wanted: 'any' | 'stable'): Promise<Scan> {
    this.#context.stats.scans += 1;
    const scan = await scanFolder(this.#context.fs, this.#folder.path, wanted);
    if (scan === undefined) throw folderGone();
    return scan;
  }

  /** `uidNext` is from before the scan: what was entered since may have come after it. */
  async #applyAll(scan: Scan, uidNext: number, firstScan: boolean): Promise<boolean> {
    const { messages } = this.#context.index;
    const found = new Reconciliation(scan.names);
    const isOver = sliceTimer();
    for (let after = 0; ; ) {
      const rows = messages.places(this.#folder.id, after, ROWS);
      for (const row of rows) if (row.uid < uidNext) found.compare(row);
      after = rows.at(-1)?.uid ?? uidNext;
      if (rows.length < ROWS || after >= uidNext - 1) break;
      if (isOver()) await nextTurn();
    }
    await this.#explain(found);
    const followed = await followFiles(this.#context, this.#folder, found.moved);
    const renumbered = await this.#followRenumbered(found);
    const files = await inOrderOfDelivery(this.#context, this.#folder, found.added);
    // Two looks at directories instead of one at each file: every change after a stable scan shows in their times.
    const isUnchanged = (): boolean =>
      scan.stable && stampOf(this.#context.fs, this.#folder.path)?.text === scan.stamp.text;
    const added = await addFiles(this.#context, this.#folder, files, { firstScan, isUnchanged });
    const missing = found.missing.filter((row) => !renumbered.has(row.uid));
    const confirmed = missing.length === 0 || (await this.#confirmGone(missing));
    const duplicates = [...found.duplicates, ...files.duplicates];
    const apart = await this.#separate(scan, duplicates);
    this.#twins = twinsOf(duplicates);
    return apart && followed && added && !files.incomplete && confirmed;
  }

  #explain(found: Reconciliation): Promise<void> {
    const { messages } = this.#context.index;
    return inSlices(found.unexplained(), ([inNew, name]) =>
      found.explain(inNew, name, (base) => messages.byBase(this.#folder.id, base)),
    );
  }

  /** A message that one scan missed is gone only when a second, stable one misses it as well. */
  async #confirmGone(missing: readonly PlaceRow[]): Promise<boolean> {
    const scan = await this.#scan('stable');
    const found = new Reconciliation(scan.names);
    for (const row of missing) found.compare(row);
    await inSlices(found.unexplained(), ([inNew, name]) => found.explain(inNew, name, () => undefined));
    await followFiles(this.#context, this.#folder, found.moved);
    if (found.missing.length === 0) return true;
    return scan.stable && (await forgetFiles(this.#context, this.#folder, found.missing));
  }

  /** Gives a file that shares its base name with another message a name of its own, so that it is shown as well. */
  async #separate(scan: Scan, duplicates: readonly Duplicate[]): Promise<boolean> {
    if (!scan.stable) return true; // a rename during the scan looks the same
    let separated = 0;
    for (const duplicate of duplicates) if (await this.#separateOne(duplicate)) separated += 1;
    return separated + (await this.#leftovers.look(duplicates)) === 0;
  }

  /** Whether the folder is another one than it was, by this or somebody else. */
  async #separateOne(duplicate: Duplicate): Promise<boolean> {
    const { fs, log, stats } = this.#context;
    const { path } = this.#folder;
    const from = pathOf(path, duplicate.base, duplicate);
    const [one, other] = [await fs.stat(from), await fs.stat(pathOf(path, duplicate.base, duplicate.shown))];
    // The same file under two names is a move in progress by link and unlink, or a leftover of one: nothing is hidden.
    if (one === undefined || other === undefined || one.id === other.id) return false;
    try {
      await fs.rename(from, pathOf(path, this.#freshBase(), duplicate));
    } catch (error) {
      if (isMissing(error)) return true; // another program has just moved it: one more look
      throw error;
    }
    stats.duplicateFiles += 1;
    log({
      level: 'warn',
      code: 'duplicate-file',
      message: `${from} had the base name of another message and got a new one.`,
    });
    return true;
  }

  #freshBase(): BaseName {
    const parsed = parseFileName(this.#context.newBase());
    if (parsed === undefined) throw new Error('A generated base name is not valid.');
    return parsed.base;
  }

  /** Keeps what the scan is good for; durable, with all that was written late before. */
  async #mark(scan: Scan, complete: boolean): Promise<void> {
    const { index } = this.#context;
    const { id } = this.#folder;
    const row = index.mailboxes.byId(id);
    const isTrusted = scan.settled && !this.hasTwins; // nobody who begins with the stamp would know of the twins
    const mark = !complete ? NEVER_SCANNED : isTrusted ? scan.stamp.text : UNTRUSTED;
    if (row?.scanned === mark && mark !== NEVER_SCANNED) return;
    try {
      await index.db.write(() => {
        // Another process may have read it to its end meanwhile, and shown it.
        const isShown = index.mailboxes.byId(id)?.scanned !== NEVER_SCANNED;
        index.mailboxes.keepScanned(id, isShown && mark === NEVER_SCANNED ? UNTRUSTED : mark);
        if (mark === NEVER_SCANNED) index.mailboxes.nextModSeq(id); // it is shown now: what comes later is told as a change
        index.adopted.clear(id); // the mailbox is about to be shown: what comes later comes above
        index.adoptedKeywords.clear(id);
      });
    } catch (error) {
      if (row?.scanned === NEVER_SCANNED || toStoreError(error)?.code !== 'no-space') throw error;
      // Mail can be read on a full disk: the mark only spares the next look its reading.
      await index.db.syncLog();
      const message = `That ${this.#folder.path} was read could not be noted: the disk is full.`;
      this.#context.log({ level: 'info', code: 'look-unrecorded', message });
    }
  }
}
