/*
 * One mailbox, read without a store: its files, and what the index has of them.
 *
 * The files say which messages there are and which flags they have; the index says their UIDs. The two are read one after
 * the other while others go on changing them, so:
 * - A row is read in short statements, never in one long transaction: the server's write-ahead log would grow with it.
 * - A file that does not stand where its row says has been renamed since: one look at all names tells where to (`#moved`),
 *   and a file that is missing at its opening is looked for once more by its base name.
 * - A directory that is read while a file in it is renamed may show it twice or not at all. Whoever walks through the messages
 *   is given each row once; one whose file was not seen is looked for again before it is left out.
 * - A file without a row (it came while no server looked) has no UID, and comes last.
 */
import { constants, type Stats, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { BaseName, Flag, Uid } from '../api.ts';
import { internalDateOf } from '../content/content.ts';
import { isMissing } from '../errors.ts';
import { type Place, pathOf, samePlace } from '../files/places.ts';
import type { IndexReader, MailboxFacts } from '../index/index-reader.ts';
import type { MessageRow } from '../index/message-row.ts';
import { FLAG_SETS, ROWS } from '../limits.ts';
import { claimedSizes, parseInfo } from '../names/file-name.ts';
import { DELETED, type Keywords, SEEN, showFlags } from '../names/flags.ts';

import { messageFiles, type NamedFile, type Passed } from './names.ts';

/** A message as its file and the index tell of it. */
export interface ReadMessage {
  /** Absent where the index does not have the file yet: the next opening of the mailbox gives it one. */
  readonly uid?: Uid;
  readonly base: BaseName;
  /** Where its file was when it was looked at. */
  readonly place: Place;
  readonly flags: ReadonlySet<Flag>;
  /** What the index knows of the file; absent while it has only its name. */
  readonly learnt?: FileFacts;
}

/** What a file says beyond its name. */
export interface FileFacts {
  /** Octets as they are stored. */
  readonly size: number;
  /** INTERNALDATE in milliseconds since the epoch. */
  readonly internalDate: number;
}

/** What a mailbox holds, counted by its files. */
export interface Tally extends Passed {
  readonly messages: number;
  readonly unseen: number;
  readonly deleted: number;
  /** Octets as they are stored. */
  readonly size: number;
  /** Files that the index does not have yet. */
  readonly notIndexed: number;
}

/** As everywhere: a symbolic link is not followed, and a pipe under a message's name does not block. */
const HOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Looks for a file whose name changes while it is looked for. */
const ATTEMPTS = 5;

export interface FolderPlace {
  /** The directory. */
  readonly path: string;
  /** The index and the mailbox's row in it; absent where there is none. */
  readonly indexed?: { readonly index: IndexReader; readonly mailbox: MailboxFacts };
  /** The keywords of its letters and beyond. */
  readonly keywords: Keywords;
}

export class FolderReader {
  readonly #at: FolderPlace;
  readonly #sets = new Map<string, ReadonlySet<Flag>>();

  constructor(at: FolderPlace) {
    this.#at = at;
  }

  /** Counts the messages by their names; sizes that no name tells come from the index, else from the file. */
  async tally(): Promise<Tally> {
    const passed: Passed = { unreadable: 0, links: 0 };
    let [messages, unseen, deleted, size, notIndexed] = [0, 0, 0, 0, 0];
    for await (const file of messageFiles(this.#at.path, passed)) {
      const row = this.#rowOf(file.base);
      const octets = sizeOf(file, row) ?? this.#stat(file.base, file.place)?.size;
      if (octets === undefined) continue; // it is gone, or under another name, which is met as well
      const { mask } = parseInfo(file.info);
      messages += 1;
      size += octets;
      if ((mask & SEEN) === 0) unseen += 1;
      if ((mask & DELETED) !== 0) deleted += 1;
      if (row === undefined) notIndexed += 1;
    }
    return { messages, unseen, deleted, size, notIndexed, ...passed };
  }

  /**
   * All messages, those of the index ascending by UID and the others after them, in slices of some hundred. `onGone` is called
   * for those of the index that have no file in this folder: they were removed, or moved elsewhere, since it was written.
   */
  async *messages(
    signal?: AbortSignal,
    onGone?: (message: ReadMessage) => void,
  ): AsyncGenerator<readonly ReadMessage[]> {
    const looked = await this.#look();
    for await (const rows of this.#rows()) {
      signal?.throwIfAborted();
      const slice: ReadMessage[] = [];
      for (const row of rows) {
        const place = await this.#placeOf(row, looked);
        if (place !== undefined) slice.push(this.#shown(row.base, place, row));
        else onGone?.(this.#shown(row.base, row, row));
      }
      yield slice;
    }
    if (looked.notIndexed > 0) yield* this.#withoutRow(signal);
  }

  /** The message with this UID; undefined where there is none, or its file is gone. */
  async message(uid: Uid): Promise<ReadMessage | undefined> {
    const { indexed } = this.#at;
    const row = indexed?.index.rows(indexed.mailbox.id, uid - 1, 1)[0];
    if (row === undefined || row.uid !== uid) return undefined;
    const place = this.#stat(row.base, row) === undefined ? await this.#find(row.base) : row;
    return place === undefined ? undefined : this.#shown(row.base, place, row);
  }

  /** The names of all messages, as the directories tell them; what is passed over is counted. */
  files(passed: Passed = { unreadable: 0, links: 0 }): AsyncIterable<NamedFile> {
    return messageFiles(this.#at.path, passed);
  }

  /** The UID that the index has for this base name. */
  uidOf(base: BaseName): Uid | undefined {
    return this.#rowOf(base)?.uid;
  }

  /** How many messages the index has. */
  get count(): number {
    const { indexed } = this.#at;
    return indexed?.index.count(indexed.mailbox.id, indexed.mailbox.uidNext) ?? 0;
  }

  /** What the index or the file says of it; undefined when it is gone. */
  async facts({ base, place, learnt }: ReadMessage): Promise<FileFacts | undefined> {
    if (learnt !== undefined) return learnt;
    const stat = this.#stat(base, place) ?? this.#stat(base, await this.#find(base));
    return stat === undefined ? undefined : factsOf(stat);
  }

  /** Opens its file, wherever it has been renamed to in this folder; undefined when it is gone. */
  async open(message: Pick<ReadMessage, 'base' | 'place'>): Promise<OpenedFile | undefined> {
    let place: Place | undefined = message.place;
    for (let attempt = 1; place !== undefined; attempt += 1) {
      const file = await openIfThere(pathOf(this.#at.path, message.base, place));
      if (file !== undefined) return file;
      if (attempt === ATTEMPTS) throw new Error('Another program keeps renaming a message; try again.');
      place = await this.#find(message.base);
    }
    return undefined;
  }

  #rowOf(base: BaseName): MessageRow | undefined {
    const { indexed } = this.#at;
    return indexed?.index.row(indexed.mailbox.id, base);
  }

  #shown(base: BaseName, place: Place, row: MessageRow | undefined): ReadMessage {
    const flags = this.#flags(parseInfo(place.info).mask, row?.extra ?? '');
    if (row === undefined) return { base, place, flags };
    const { uid, size, internalDate } = row;
    return { uid, base, place, flags, ...(row.details === 'name' ? {} : { learnt: { size, internalDate } }) };
  }

  /** Most messages of a mailbox share a few sets. */
  #flags(mask: number, extra: string): ReadonlySet<Flag> {
    const key = `${mask} ${extra}`;
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const flags = showFlags({ mask, extra }, this.#at.keywords);
    if (this.#sets.size < FLAG_SETS) this.#sets.set(key, flags);
    return flags;
  }

  async *#rows(): AsyncGenerator<readonly MessageRow[]> {
    const { indexed } = this.#at;
    if (indexed === undefined) return;
    for (let after = 0; ; ) {
      const rows = indexed.index.rows(indexed.mailbox.id, after, ROWS);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.filter((row) => !this.#isLate(row));
      after = last.uid;
    }
  }

  /** One look at all names: which files stand elsewhere than their rows say, and how many have none. */
  async #look(): Promise<Looked> {
    const moved = new Map<number, Place>();
    let [matched, notIndexed] = [0, 0];
    for await (const { base, place } of messageFiles(this.#at.path, { unreadable: 0, links: 0 })) {
      const row = this.#rowOf(base);
      if (row === undefined || this.#isLate(row)) notIndexed += 1;
      else if (samePlace(place, row)) matched += 1;
      else moved.set(row.uid, place);
    }
    return { moved, notIndexed, isWhole: matched + moved.size === this.count };
  }

  async #placeOf(row: MessageRow, looked: Looked): Promise<Place | undefined> {
    const place = looked.moved.get(row.uid);
    if (place !== undefined) return place;
    if (looked.isWhole || this.#stat(row.base, row) !== undefined) return row;
    // It is gone, or was passed over because it was being renamed: one more look tells, for all that are missing.
    looked.again ??= this.#look();
    return (await looked.again).moved.get(row.uid);
  }

  async *#withoutRow(signal: AbortSignal | undefined): AsyncGenerator<readonly ReadMessage[]> {
    let slice: ReadMessage[] = [];
    const given = new Set<BaseName>();
    for await (const { base, place } of messageFiles(this.#at.path, { unreadable: 0, links: 0 })) {
      signal?.throwIfAborted();
      // One that has a row by now was not among the rows when they were read: it is given with its UID.
      const row = this.#rowOf(base);
      if (given.has(base) || (row !== undefined && !this.#isLate(row))) continue;
      given.add(base);
      slice.push(this.#shown(base, place, row));
      if (slice.length < ROWS) continue;
      yield slice;
      slice = [];
    }
    yield slice;
  }

  /** Whether the row was made after this reading began. */
  #isLate(row: MessageRow): boolean {
    const { indexed } = this.#at;
    return indexed !== undefined && row.uid >= indexed.mailbox.uidNext;
  }

  #stat(base: BaseName, place: Place | undefined): Stats | undefined {
    if (place === undefined) return undefined;
    return statSync(pathOf(this.#at.path, base, place), { throwIfNoEntry: false });
  }

  /** Where the file of this base name is now; all names are read for it. */
  async #find(base: BaseName): Promise<Place | undefined> {
    for await (const file of messageFiles(this.#at.path, { unreadable: 0, links: 0 })) {
      if (file.base === base) return file.place;
    }
    return undefined;
  }
}

interface Looked {
  /** Places that the index does not know yet, by UID: as many as were renamed since somebody looked. */
  readonly moved: ReadonlyMap<number, Place>;
  readonly notIndexed: number;
  /** Every row has its file. */
  readonly isWhole: boolean;
  /** A second look, once one was needed. */
  again?: Promise<Looked>;
}

/** A message's file that is open; whoever has it closes it. */
export interface OpenedFile extends FileFacts {
  readonly handle: FileHandle;
}

async function openIfThere(path: string): Promise<OpenedFile | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, HOW);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const stat = await handle.stat();
  if (stat.isFile()) return { handle, ...factsOf(stat) };
  await handle.close();
  throw Object.assign(new Error('No regular file.'), { code: 'EISDIR' });
}

const factsOf = (stat: Stats): FileFacts => ({
  size: stat.size,
  internalDate: internalDateOf(BigInt(Math.round(stat.mtimeMs * 1_000_000))),
});

function sizeOf({ base }: NamedFile, row: MessageRow | undefined): number | undefined {
  if (row !== undefined && row.details !== 'name') return row.size;
  return claimedSizes(base).size;
}
