/**
 * Keeps the text indexes of many users, in a thread of its own.
 *
 * Invariants and hazards:
 *  - Only a (MAILBOXID, UIDVALIDITY, UID) names a text. Rows of a mailbox whose index has other ones are removed before
 *    anything is added (`claim`, in the same transaction), and count as absent until then. So an index that was restored
 *    or built anew never shows another message's text.
 *  - What is in the text index may be gone from the mailbox, and what is in the mailbox may not be here yet: an answer
 *    speaks only of messages that the index has at that moment, and names those it knows no text of.
 *  - Nothing here is worth keeping: a text.db that is damaged or of another version is removed and built anew, and a
 *    thread that dies in the middle leaves whole transactions.
 *  - Several processes may serve the same user. One builds a mailbox at a time (a lease in text.db that runs out); all
 *    search. A file that was replaced is noticed by its inode.
 *  - A search goes before building: between two groups of files, building waits until nobody searches.
 */
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { whileBusy } from '../index/connection.ts';
import type { TextDb } from '../index/text-db.ts';
import type { SourceMailbox } from '../index/text-source.ts';
import { TEXT_ABOVE, TEXT_BATCH, TEXT_LEASE, TEXT_SETTLE } from '../limits.ts';
import { Handles, isUnusable, type PlaceLog, type UserText } from './handles.ts';
import type { TextCalls, TextPlace, TextQuestion } from './protocol.ts';
import { folderPath, readBatch } from './read-batch.ts';
import { divide, type Found, search } from './search.ts';

export interface IndexerOptions {
  readonly log: PlaceLog;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Tells this builder from those of other processes. */
  readonly builder: string;
}

/** How a mailbox's turn ended: all texts are there, some files could not be read, or another process is at it. */
type Outcome = 'whole' | 'partial' | 'busy';

/** A mailbox that is to be looked at. */
interface Work {
  readonly place: TextPlace;
  readonly timer: NodeJS.Timeout;
}

export class TextIndexer implements TextCalls {
  readonly #options: IndexerOptions;
  readonly #handles: Handles;
  /** Waiting for their mailboxes to settle, by file and mailbox. */
  readonly #waiting = new Map<string, Work>();
  readonly #running = new Map<
    string,
    { readonly place: TextPlace; readonly stop: AbortController; done: Promise<void> }
  >();
  /** What mailboxes were like when all of their texts were there: flags change often, and no text with them. */
  readonly #tended = new Map<string, string>();
  /** The background's turns: one mailbox after the other. */
  #background: Promise<void> = Promise.resolve();
  #searches = 0;
  #noSearch = Promise.withResolvers<void>();

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#handles = new Handles(options.log);
  }

  async find(place: TextPlace, question: TextQuestion, signal: AbortSignal): Promise<Found> {
    this.#searches += 1;
    try {
      return await this.#handles.use(place, (user) => this.#find(user, question, signal));
    } finally {
      this.#searches -= 1;
      if (this.#searches === 0) {
        this.#noSearch.resolve();
        this.#noSearch = Promise.withResolvers();
      }
    }
  }

  async build(place: TextPlace, _asked: undefined, signal: AbortSignal): Promise<void> {
    const mailboxes = await this.#handles.use(place, async (user) => {
      const present = user
        .source()
        .mailboxes()
        .map(({ id }) => id);
      return new Set([...present, ...(user.text(false)?.mailboxes() ?? [])]);
    });
    for (const mailbox of mailboxes) {
      while ((await this.#update(place, mailbox, signal)) === 'busy')
        await pause(TEXT_LEASE / 10, undefined, { signal });
    }
  }

  async counts(place: TextPlace): Promise<ReadonlyMap<number, number>> {
    return this.#handles.use(place, async (user) => {
      const db = user.text(false);
      if (db === undefined) return new Map();
      const current = user
        .source()
        .mailboxes()
        .filter((mailbox) => db.isOf(mailbox));
      const counts = db.counts();
      return new Map(current.map(({ id }) => [id, counts.get(id) ?? 0]));
    });
  }

  async look(place: TextPlace, mailbox: number): Promise<void> {
    this.#lookAfter(place, mailbox, TEXT_SETTLE);
  }

  async forget(place: TextPlace): Promise<void> {
    for (const [key, work] of this.#waiting) {
      if (work.place.textFile !== place.textFile) continue;
      clearTimeout(work.timer);
      this.#waiting.delete(key);
    }
    const ending = [...this.#running.values()].filter((work) => work.place.textFile === place.textFile);
    for (const work of ending) work.stop.abort();
    await Promise.allSettled(ending.map((work) => work.done));
    for (const key of this.#tended.keys()) if (key.startsWith(`${place.textFile} `)) this.#tended.delete(key);
    await this.#handles.close(place);
  }

  /** Ends all work and closes all files. */
  async stop(): Promise<void> {
    for (const work of this.#waiting.values()) clearTimeout(work.timer);
    this.#waiting.clear();
    for (const work of this.#running.values()) work.stop.abort();
    await Promise.allSettled([...this.#running.values()].map((work) => work.done));
    this.#handles.closeAll();
  }

  async #find(user: UserText, question: TextQuestion, signal: AbortSignal): Promise<Found> {
    const { mailbox, uids } = question;
    const present = user.source().uids(mailbox.id);
    const wanted = uids === undefined ? present : divide(uids, present)[0];
    try {
      const db = user.text(false);
      if (db?.isOf(mailbox) !== true) return { hits: new Uint32Array(0), unindexed: wanted };
      return await search(db, mailbox.id, wanted, question, async () => {
        await turn();
        signal.throwIfAborted();
      });
    } catch (error) {
      if (!isUnusable(error)) throw error;
      user.discard(error);
      this.#lookAfter(user.place, mailbox.id, TEXT_SETTLE);
      return { hits: new Uint32Array(0), unindexed: wanted };
    }
  }

  #lookAfter(place: TextPlace, mailbox: number, delay: number): void {
    const key = keyOf(place, mailbox);
    if (this.#waiting.has(key)) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(key);
      this.#background = this.#background.then(() => this.#tend(place, mailbox));
    }, delay);
    this.#waiting.set(key, { place, timer });
  }

  /** One mailbox's turn in the background. Never rejects. */
  async #tend(place: TextPlace, mailbox: number): Promise<void> {
    let state: string | undefined;
    try {
      state = await this.#handles.use(place, async (user) => stateOf(user, mailbox));
      if (state === undefined || state === this.#tended.get(keyOf(place, mailbox))) return;
      const outcome = await this.#update(place, mailbox);
      if (outcome === 'whole') this.#tended.set(keyOf(place, mailbox), state);
      else if (outcome === 'busy') this.#lookAfter(place, mailbox, TEXT_LEASE);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return;
      this.#failed(place, error);
      if (state !== undefined) this.#tended.set(keyOf(place, mailbox), state); // not again before something changes
    }
  }

  #failed(place: TextPlace, error: unknown): void {
    const why = error instanceof Error ? error.message : 'unknown';
    const message = `The text index ${place.textFile} could not be brought up to date: ${why}`;
    this.#options.log(place, { level: 'warn', code: 'text-index-failed', message });
  }

  /** Brings a mailbox's texts up to date. */
  async #update(place: TextPlace, mailbox: number, signal?: AbortSignal): Promise<Outcome> {
    const key = keyOf(place, mailbox);
    for (let other = this.#running.get(key); other !== undefined; other = this.#running.get(key)) {
      await Promise.allSettled([other.done]);
    }
    signal?.throwIfAborted();
    const stop = new AbortController();
    const either = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
    const updating = this.#handles.use(place, (user) => this.#mending(user, mailbox, either));
    const done = updating.then(
      () => undefined,
      () => undefined,
    );
    this.#running.set(key, { place, stop, done });
    try {
      return await updating;
    } finally {
      this.#running.delete(key);
    }
  }

  /** A text.db in which damage is met is removed and the mailbox built anew, once. */
  async #mending(user: UserText, mailbox: number, signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.#round(user, mailbox, signal);
    } catch (error) {
      if (!isUnusable(error)) throw error;
      user.discard(error);
      return this.#round(user, mailbox, signal);
    }
  }

  async #round(user: UserText, mailbox: number, signal: AbortSignal): Promise<Outcome> {
    const box = user.source().mailbox(mailbox);
    if (box === undefined) {
      await whileBusy(() => write(user, (db) => db.forget(mailbox)));
      return 'whole';
    }
    const { builder, clock } = this.#options;
    if (!(await whileBusy(() => write(user, (db) => db.claim(box, builder, clock()))))) return 'busy';
    try {
      return await this.#fill(user, box, signal);
    } finally {
      await whileBusy(() => write(user, (db) => db.release(mailbox, builder)));
    }
  }

  /** Removes what is gone, then adds what is missing, the newest first: that is searched most. */
  async #fill(user: UserText, box: SourceMailbox, signal: AbortSignal): Promise<Outcome> {
    const known = textOf(user).known(box.id);
    const present = user.source().uids(box.id);
    const isPresent = new Set(present);
    const gone = [...known].filter((uid) => !isPresent.has(uid));
    for (const uids of batches(gone)) {
      await this.#rest(signal);
      await whileBusy(() => write(user, (db) => db.remove(box.id, uids)));
    }
    const isKnown = new Set(known);
    const missing = [...present].filter((uid) => !isKnown.has(uid)).reverse();
    let unreadable = 0;
    let read = 0;
    for (const uids of batches(missing)) {
      const batch = await this.#read(user, box, uids, signal);
      unreadable += batch.unreadable;
      read += batch.texts.length;
      if (!(await whileBusy(() => this.#add(user, box, batch.texts)))) return 'busy';
    }
    if (unreadable > 0) this.#tellUnreadable(user.place, unreadable);
    return read < missing.length ? 'partial' : 'whole';
  }

  #read(user: UserText, box: SourceMailbox, uids: readonly number[], signal: AbortSignal) {
    const folder = { id: box.id, path: folderPath(user.place.maildir, box.folder) };
    return readBatch(user.source(), folder, uids, () => this.#rest(signal));
  }

  /** Adds a batch unless the mailbox is another one by now, or another process has taken over. */
  #add(user: UserText, box: SourceMailbox, texts: Parameters<TextDb['add']>[1]): boolean {
    const now = user.source().mailbox(box.id);
    if (now?.objectId !== box.objectId || now.uidValidity !== box.uidValidity) return false;
    return write(user, (db) => {
      const isOurs = db.claim(box, this.#options.builder, this.#options.clock());
      if (isOurs) db.add(box.id, texts);
      return isOurs;
    });
  }

  /** Lets searches go first. */
  async #rest(signal: AbortSignal): Promise<void> {
    await turn();
    while (this.#searches > 0) await this.#noSearch.promise;
    signal.throwIfAborted();
  }

  #tellUnreadable(place: TextPlace, count: number): void {
    const message = `${count} message files below ${place.maildir} cannot be read: searches read them one by one.`;
    this.#options.log(place, { level: 'warn', code: 'unreadable-file', message });
  }
}

/** Tells whether messages came or went; undefined where the mailbox has no texts and needs none. */
function stateOf(user: UserText, mailbox: number): string | undefined {
  const count = user.source().count(mailbox);
  const db = user.text(false);
  if (count <= TEXT_ABOVE && db?.mailboxes().includes(mailbox) !== true) return undefined;
  const box = user.source().mailbox(mailbox);
  const known = box !== undefined && db?.isOf(box) === true ? db.count(mailbox) : 0;
  return `${box?.objectId} ${box?.uidValidity} ${box?.uidNext} ${count} ${known}`;
}

const keyOf = (place: TextPlace, mailbox: number): string => `${place.textFile} ${mailbox}`;

function textOf(user: UserText): TextDb {
  const db = user.text(true);
  if (db === undefined) throw new Error('A text index that was asked for was not made.');
  return db;
}

const write = <T>(user: UserText, work: (db: TextDb) => T): T => {
  const db = textOf(user);
  return db.write(() => work(db));
};

function* batches(uids: readonly number[]): Iterable<readonly number[]> {
  for (let at = 0; at < uids.length; at += TEXT_BATCH) yield uids.slice(at, at + TEXT_BATCH);
}
