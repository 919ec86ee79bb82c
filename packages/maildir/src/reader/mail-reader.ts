/*
 * A user's mail as somebody who only looks sees it: nothing is made, written, renamed or locked, so it may be read beside a
 * server, a mail server and everybody else, by whoever may read the files.
 *
 * The index is opened read-only; SQLite's write-ahead log lets writers go on. Without an index, or with a damaged one, the
 * files are shown all the same, without UIDs. Hazards of the files are told in folder-reader.ts.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MailboxName, Quota, SpecialUse, TextScope, Uid } from '../api.ts';
import { isMissing } from '../errors.ts';
import { nodeFileSystem } from '../files/node-file-system.ts';
import { parseSubscriptions, SUBSCRIPTIONS_FILE } from '../folders/subscriptions.ts';
import { IndexReader, type IndexTrouble, type MailboxFacts } from '../index/index-reader.ts';
import { copyOf } from '../index/restore.ts';
import { bytesOf, TextDb } from '../index/text-db.ts';
import type { Keywords } from '../names/flags.ts';
import { toUid } from '../names/ids.ts';
import { KEYWORDS_FILE, parseKeywords } from '../names/keywords-file.ts';
import { folderOf, INBOX, mailboxOf } from '../names/mailbox-name.ts';
import { parseSpecialUse, SPECIAL_USE } from '../names/special-use.ts';
import { hasLimit, parseSizeFile, QUOTA_FILE } from '../quota/maildirsize.ts';
import { isUnusable } from '../text/handles.ts';
import { search } from '../text/search.ts';
import { FolderReader } from './folder-reader.ts';

export interface MailReaderOptions {
  readonly maildir: string;
  readonly indexFile: string;
  /** The text index's file; `text.db` beside the index when absent. */
  readonly textFile?: string;
}

/** A mailbox in a listing. */
export interface ListedMailbox {
  readonly name: MailboxName;
  readonly subscribed: boolean;
  readonly specialUse: readonly SpecialUse[];
}

/** What the index alone says of a mailbox. */
export interface MailboxNumbers {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModSeq: number;
  readonly mailboxId: string;
  readonly recent: number;
  readonly keywords: readonly string[];
}

/** The files beside the mail, and their state. */
export interface SideFiles {
  /** Why the index cannot be asked; absent where it can. */
  readonly trouble?: IndexTrouble;
  readonly indexBytes: number;
  /** When the index was last copied, milliseconds since the epoch; absent where there is no copy. */
  readonly copied?: number;
  readonly textBytes: number;
}

/** Which messages hold a text: those that the text index knows to, and those that it cannot tell of. */
export interface TextFinding {
  readonly hits: ReadonlySet<Uid>;
  readonly unindexed: ReadonlySet<Uid>;
}

export class MailReader {
  readonly #maildir: string;
  readonly #indexFile: string;
  readonly #textFile: string;
  readonly #index: IndexReader | undefined;
  readonly #trouble: IndexTrouble | undefined;
  readonly #mailboxes: ReadonlyMap<string, MailboxFacts>;
  #text: TextDb | undefined;

  /** Throws the system's error where there is no Maildir, or it cannot be read. */
  constructor({ maildir, indexFile, textFile = join(dirname(indexFile), 'text.db') }: MailReaderOptions) {
    statSync(join(maildir, 'cur'));
    this.#maildir = maildir;
    this.#indexFile = indexFile;
    this.#textFile = textFile;
    const opened = IndexReader.open(indexFile, false);
    this.#index = opened instanceof IndexReader ? opened : undefined;
    this.#trouble = opened instanceof IndexReader ? undefined : opened;
    this.#mailboxes = new Map((this.#index?.mailboxes() ?? []).map((mailbox) => [mailbox.folder, mailbox]));
  }

  close(): void {
    this.#index?.close();
    this.#text?.close();
  }

  /** Every mailbox that has a folder, INBOX first. */
  async mailboxes(): Promise<readonly ListedMailbox[]> {
    const names: MailboxName[] = [];
    for await (const entry of await opendir(this.#maildir)) {
      const name = entry.isDirectory() ? mailboxOf(entry.name) : undefined;
      if (name !== undefined && this.#isMaildir(join(this.#maildir, entry.name))) names.push(name);
    }
    const subscribed = new Set(parseSubscriptions(readText(join(this.#maildir, SUBSCRIPTIONS_FILE))));
    const uses = this.#index?.annotations(SPECIAL_USE);
    return [INBOX, ...names.sort()].map((name) => ({
      name,
      subscribed: subscribed.has(name),
      specialUse: parseSpecialUse(uses?.get(folderOf(name)) ?? new Uint8Array()) ?? [],
    }));
  }

  /** The files of a mailbox; undefined where it has no folder. */
  folder(name: MailboxName): FolderReader | undefined {
    const folder = folderOf(name);
    const path = join(this.#maildir, folder);
    if (!this.#isMaildir(path)) return undefined;
    const mailbox = this.#mailboxes.get(folder);
    const keywords = this.#keywords(path, mailbox);
    const index = this.#index;
    return new FolderReader({
      path,
      keywords,
      ...(index === undefined || mailbox === undefined ? {} : { indexed: { index, mailbox } }),
    });
  }

  /** What the index says of a mailbox; undefined where it does not know it, or there is no index. */
  numbers(name: MailboxName): MailboxNumbers | undefined {
    const mailbox = this.#mailboxes.get(folderOf(name));
    if (mailbox === undefined || this.#index === undefined) return undefined;
    const { id, uidValidity, uidNext, highestModSeq, objectId } = mailbox;
    const keywords = this.#keywords(join(this.#maildir, folderOf(name)), mailbox).filter((one) => one !== undefined);
    const recent = this.#index.recent(id);
    return { uidValidity, uidNext, highestModSeq, mailboxId: objectId, recent, keywords };
  }

  /** The store's quota as `maildirsize` has it, uncorrected; undefined where none is set. */
  quota(): Quota | undefined {
    const file = parseSizeFile(readText(join(this.#maildir, QUOTA_FILE)));
    return hasLimit(file.limits) ? { limits: file.limits, used: file.used } : undefined;
  }

  sideFiles(): SideFiles {
    const copied = statSync(copyOf(this.#indexFile), { throwIfNoEntry: false })?.mtimeMs;
    return {
      ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
      indexBytes: bytesOf(this.#indexFile),
      ...(copied === undefined ? {} : { copied }),
      textBytes: bytesOf(this.#textFile),
    };
  }

  /** How many messages of a mailbox the text index knows; 0 where there is none, or it cannot be read. */
  indexedTexts(name: MailboxName): number {
    const mailbox = this.#mailboxes.get(folderOf(name));
    const text = mailbox === undefined ? undefined : this.#textOf(mailbox);
    return mailbox === undefined || text === undefined ? 0 : text.count(mailbox.id);
  }

  /** Asks the text index about these messages of a mailbox; what it cannot tell of has to be read. */
  async findText(name: MailboxName, uids: readonly Uid[], text: string, scope: TextScope): Promise<TextFinding> {
    const mailbox = this.#mailboxes.get(folderOf(name));
    const db = mailbox === undefined ? undefined : this.#textOf(mailbox);
    if (mailbox === undefined || db === undefined) return { hits: new Set(), unindexed: new Set(uids) };
    const found = await search(db, mailbox.id, Uint32Array.from(uids), { text, scope }, async () => undefined);
    return { hits: toUids(found.hits), unindexed: toUids(found.unindexed) };
  }

  /** Whether it is a folder of messages. One that is a link, or whose directories are, may lead into other people's mail. */
  #isMaildir(path: string): boolean {
    const { now } = nodeFileSystem;
    if (now.stat(join(path, 'cur'))?.kind !== 'directory') return false;
    if (path !== join(this.#maildir) && now.isLink(path)) return false;
    return !['cur', 'new', 'tmp'].some((part) => now.isLink(join(path, part)));
  }

  /** The text index, where it has texts of this very mailbox. */
  #textOf(mailbox: MailboxFacts): TextDb | undefined {
    if (this.#text === undefined && existsSync(this.#textFile)) this.#text = openText(this.#textFile);
    return this.#text?.isOf(mailbox) === true ? this.#text : undefined;
  }

  /** The file is the truth for the letters; beyond them the index is. */
  #keywords(path: string, mailbox: MailboxFacts | undefined): Keywords {
    const keywords = mailbox === undefined ? [] : [...(this.#index?.keywordNames(mailbox.id) ?? [])];
    for (const [ordinal, name] of parseKeywords(readText(join(path, KEYWORDS_FILE))).entries()) {
      if (name !== undefined) keywords[ordinal] = name;
    }
    return keywords;
  }
}

const toUids = (uids: Uint32Array): ReadonlySet<Uid> => new Set(Array.from(uids, toUid));

/** One that cannot be used is as good as none: whoever keeps it builds it anew. */
function openText(file: string): TextDb | undefined {
  try {
    return new TextDb(file, true);
  } catch (error) {
    if (isUnusable(error)) return undefined;
    throw error;
  }
}

/** The text of a small file; empty where it is not there. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
