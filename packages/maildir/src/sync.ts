/**
 * Synchronises a folder with the index: looks, compares, applies, and looks again where what it saw had moved on.
 * See ../README.md for the hazards that the order of things here answers.
 */
import type { BaseName } from './api.ts';
import { addFiles, followFiles, forgetFiles, inBatches } from './apply.ts';
import type { Folder, StoreContext } from './context.ts';
import { folderGone, isMissing } from './errors.ts';
import { formatInfo, parseFileName, parseInfo } from './file-name.ts';
import type { Place, PlaceRow } from './index/messages.ts';
import { refreshKeywords } from './keywords.ts';
import { pathOf, samePlace } from './places.ts';
import { reconcile } from './reconcile.ts';
import { type Duplicate, type Scan, scanFolder, stampOf } from './scan.ts';

/** A full look is repeated this often when files moved between seeing and applying; events or the next look tell the rest. */
const LOOKS = 3;

/** A name that an event told of. */
export interface NamedFile {
  readonly inNew: boolean;
  readonly name: string;
}

export class FolderSync {
  readonly #context: StoreContext;
  readonly #folder: Folder;

  constructor(context: StoreContext, folder: Folder) {
    this.#context = context;
    this.#folder = folder;
  }

  /** Reads the folder unless its times say that nothing changed since the last scan that can be trusted. */
  async look(): Promise<void> {
    const stamp = await stampOf(this.#context.fs, this.#folder.path);
    if (stamp === undefined) throw folderGone();
    const row = this.#context.index.mailboxes.byId(this.#folder.id);
    if (row?.scanned !== stamp.text) await this.rescan();
  }

  /** Reads the folder and brings the index up to it. */
  async rescan(): Promise<Scan> {
    await refreshKeywords(this.#context, this.#folder);
    for (let look = 1; ; look += 1) {
      const scan = await this.#scan('any');
      const complete = await this.#applyAll(scan);
      if (!complete && look < LOOKS) continue;
      if (complete && scan.settled) await this.#trust(scan);
      return scan;
    }
  }

  /**
   * Looks at single files. Returns rows whose file was found nowhere: they may have been renamed to a name that the
   * next events tell, so the caller asks again before it has the folder read.
   */
  async examine(names: Iterable<NamedFile>, rows: Iterable<PlaceRow> = []): Promise<PlaceRow[]> {
    const { index } = this.#context;
    await refreshKeywords(this.#context, this.#folder); // a letter in a name may be new as well
    const candidates = new Map<BaseName, Place[]>();
    for (const { inNew, name } of names) {
      const parsed = parseFileName(name);
      if (parsed === undefined) continue;
      const places = candidates.get(parsed.base) ?? [];
      candidates.set(parsed.base, [...places, { inNew, info: parsed.info }]);
    }
    for (const row of rows) if (!candidates.has(row.base)) candidates.set(row.base, []);
    const seen = new Map<BaseName, Place>();
    const known: PlaceRow[] = [];
    for (const [base, places] of candidates) {
      const row = index.messages.byBase(this.#folder.id, base);
      if (row !== undefined) known.push(row);
      const place = await this.#existing(base, row === undefined ? places : [row, ...places]);
      if (place !== undefined) seen.set(base, place);
    }
    const difference = reconcile(known, seen);
    await followFiles(this.#context, this.#folder, difference.moved);
    await addFiles(this.#context, this.#folder, difference.added, false);
    return [...difference.missing];
  }

  /** Moves what is in new/ to cur/: somebody has the mailbox open for reading. */
  async moveNew(): Promise<void> {
    const { index, fs } = this.#context;
    const { id, path } = this.#folder;
    await inBatches(this.#context, this.#folder, index.messages.inNew(id), (batch) => {
      for (const seen of batch) {
        const row = index.messages.byUid(id, seen.uid);
        if (row === undefined || !row.inNew) continue;
        const to = { inNew: false, info: row.info.startsWith(':2,') ? row.info : formatInfo(parseInfo(row.info)) };
        if (fs.now.stat(pathOf(path, row.base, to)) !== undefined) continue; // somebody else has just moved it
        try {
          fs.now.rename(pathOf(path, row.base, row), pathOf(path, row.base, to));
          index.messages.update(id, row.uid, { ...row, ...to }, row.modSeq);
        } catch (error) {
          if (!isMissing(error)) throw error; // moved by another program: its events or the next look tell where
        }
      }
    });
  }

  async #existing(base: BaseName, places: readonly Place[]): Promise<Place | undefined> {
    for (const place of places) {
      const stat = await this.#context.fs.stat(pathOf(this.#folder.path, base, place));
      if (stat !== undefined) return { inNew: place.inNew, info: place.info };
    }
    return undefined;
  }

  async #scan(wanted: 'any' | 'stable'): Promise<Scan> {
    this.#context.stats.scans += 1;
    const scan = await scanFolder(this.#context.fs, this.#folder.path, wanted);
    if (scan === undefined) throw folderGone();
    return scan;
  }

  async #applyAll(scan: Scan): Promise<boolean> {
    const { index } = this.#context;
    const firstScan = index.mailboxes.byId(this.#folder.id)?.uidNext === 1;
    const difference = reconcile(index.messages.places(this.#folder.id), scan.entries);
    const apart = await this.#separate(scan);
    const followed = await followFiles(this.#context, this.#folder, difference.moved);
    const added = await addFiles(this.#context, this.#folder, difference.added, firstScan);
    const confirmed = difference.missing.length === 0 || (await this.#confirmGone(difference.missing));
    return apart && followed && added && confirmed;
  }

  /** A message that one scan missed is gone only when a second, stable one misses it as well. */
  async #confirmGone(missing: readonly PlaceRow[]): Promise<boolean> {
    const scan = await this.#scan('stable');
    const difference = reconcile(missing, scan.entries);
    await followFiles(this.#context, this.#folder, difference.moved);
    if (difference.missing.length === 0) return true;
    return scan.stable && (await forgetFiles(this.#context, this.#folder, difference.missing));
  }

  /** Gives a file that shares its base name with another message a name of its own, so that it is shown as well. */
  async #separate(scan: Scan): Promise<boolean> {
    if (!scan.stable) return true; // a rename during the scan looks the same
    let separated = 0;
    for (const duplicate of scan.duplicates) if (await this.#separateOne(scan, duplicate)) separated += 1;
    return separated === 0;
  }

  async #separateOne(scan: Scan, duplicate: Duplicate): Promise<boolean> {
    const { fs, log, stats } = this.#context;
    const { path } = this.#folder;
    const shown = scan.entries.get(duplicate.base);
    if (shown === undefined || samePlace(shown, duplicate)) return false;
    const from = pathOf(path, duplicate.base, duplicate);
    const [one, other] = [await fs.stat(from), await fs.stat(pathOf(path, duplicate.base, shown))];
    // The same file under two names is a move in progress by link and unlink, or a leftover of one: nothing is hidden.
    if (one === undefined || other === undefined || one.id === other.id) return false;
    await fs.rename(from, pathOf(path, this.#freshBase(), duplicate));
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

  async #trust(scan: Scan): Promise<void> {
    const { index } = this.#context;
    if (index.mailboxes.byId(this.#folder.id)?.scanned === scan.stamp.text) return;
    await index.db.write(() => index.mailboxes.keepScanned(this.#folder.id, scan.stamp.text));
  }
}
