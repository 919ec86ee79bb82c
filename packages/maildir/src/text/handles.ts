/** The open files of the users whose text indexes are in use, the least recently used closed first. */
import { existsSync, rmSync } from 'node:fs';
import { isDamaged } from '../index/connection.ts';
import { OtherVersion, TextDb, textFiles } from '../index/text-db.ts';
import { TextSource } from '../index/text-source.ts';
import { TEXT_HANDLES } from '../limits.ts';
import type { StoreLogEntry } from '../log.ts';
import type { TextPlace } from './protocol.ts';

export type PlaceLog = (place: TextPlace, entry: StoreLogEntry) => void;

interface Closable {
  isCurrent(): boolean;
  close(): void;
}

/** Whether text.db is to be removed and built anew. */
export const isUnusable = (error: unknown): boolean => isDamaged(error) || error instanceof OtherVersion;

/** One user's files. Whoever is at work with them has taken them by `Handles.use`. */
export class UserText {
  readonly place: TextPlace;
  users = 0;
  /** Called when nobody is at work with the files any more. */
  onFree: (() => void) | undefined;
  readonly #log: PlaceLog;
  #source: TextSource | undefined;
  #text: TextDb | undefined;
  /** Connections to files that were replaced: somebody may still be reading from them. */
  readonly #outdated: Closable[] = [];

  constructor(place: TextPlace, log: PlaceLog) {
    this.place = place;
    this.#log = log;
  }

  /** The index, whichever file has its name now. */
  source(): TextSource {
    this.#source = this.#current(this.#source) ?? new TextSource(this.place.indexFile);
    return this.#source;
  }

  /** The text index; one that cannot be used is removed. Undefined where there is none and `make` does not ask for it. */
  text(make: boolean): TextDb | undefined {
    this.#text = this.#current(this.#text);
    if (this.#text === undefined && (make || existsSync(this.place.textFile))) this.#text = this.#opened(make);
    return this.#text;
  }

  /** Removes text.db, as it was opened here, because of `error`; what was in it is built anew. */
  discard(error: unknown): void {
    const text = this.#text;
    this.#text = undefined;
    if (text !== undefined) this.#outdated.push(text);
    if (text?.isCurrent() === false) return; // another process has done it, and what is there now is its new one
    for (const file of textFiles(this.place.textFile)) rmSync(file, { force: true });
    const why = error instanceof OtherVersion ? 'was made by another version of this program' : 'is damaged';
    const message = `The text index ${this.place.textFile} ${why}; it is removed and built anew.`;
    this.#log(this.place, { level: 'warn', code: 'text-index-removed', message });
  }

  closeOutdated(): void {
    for (const connection of this.#outdated.splice(0)) connection.close();
  }

  close(): void {
    this.closeOutdated();
    this.#source?.close();
    this.#text?.close();
    this.#source = undefined;
    this.#text = undefined;
  }

  #current<T extends Closable>(connection: T | undefined): T | undefined {
    if (connection === undefined || connection.isCurrent()) return connection;
    this.#outdated.push(connection);
    return undefined;
  }

  #opened(make: boolean): TextDb | undefined {
    try {
      return new TextDb(this.place.textFile);
    } catch (error) {
      if (!isUnusable(error)) throw error;
      this.discard(error);
      return make ? new TextDb(this.place.textFile) : undefined;
    }
  }
}

export class Handles {
  readonly #log: PlaceLog;
  /** In the order of their last use. */
  readonly #users = new Map<string, UserText>();

  constructor(log: PlaceLog) {
    this.#log = log;
  }

  /** Runs `work` with a user's files, which stay open until it ends. */
  async use<T>(place: TextPlace, work: (user: UserText) => Promise<T>): Promise<T> {
    const user = this.#users.get(place.textFile) ?? new UserText(place, this.#log);
    this.#users.delete(place.textFile);
    this.#users.set(place.textFile, user);
    user.users += 1;
    try {
      return await work(user);
    } finally {
      user.users -= 1;
      if (user.users === 0) {
        user.closeOutdated();
        user.onFree?.();
      }
      this.#trim();
    }
  }

  /** Closes a user's files as soon as nobody is at work with them. */
  async close(place: TextPlace): Promise<void> {
    const user = this.#users.get(place.textFile);
    if (user === undefined) return;
    this.#users.delete(place.textFile);
    if (user.users > 0) {
      await new Promise<void>((resolve) => {
        user.onFree = resolve;
      });
    }
    user.close();
  }

  closeAll(): void {
    for (const user of this.#users.values()) user.close();
    this.#users.clear();
  }

  #trim(): void {
    for (const [key, user] of this.#users) {
      if (this.#users.size <= TEXT_HANDLES) return;
      if (user.users > 0) continue;
      user.close();
      this.#users.delete(key);
    }
  }
}
