/**
 * A Maildir++ tree as a target. Messages keep their base names, so what is there is known by its name, and nothing needs to be
 * noted: each is written to tmp/, synced and renamed into cur/.
 */
import { type FileHandle, open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Flag, MailboxName } from '@scorpiox/maildir';
import { DELIMITER, encodeUtf7, INBOX } from '@scorpiox/maildir';
import { formatKeywords, infoOfFlags, KEYWORDS_FILE, parseKeywords } from '@scorpiox/maildir/format';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { makeFolders } from '../../make-folders.ts';
import { syncDirectory } from '../../sync-directory.ts';
import { keyOf } from '../digest.ts';
import { KeyCounts } from '../key-counts.ts';
import { toLf } from '../line-ends.ts';
import {
  type Added,
  contentOf,
  type Landed,
  type Notes,
  type Outgoing,
  stableName,
  type TargetFolder,
} from '../model.ts';
import { readText } from './folders.ts';
import { namesOf } from './listing.ts';

/** Files that are written at the same time: a disk syncs several as fast as one. */
const PARALLEL = 8;

/** Letters that keywords may have. */
const LETTERS = 26;

/** Opens or makes a mailbox's folder below `root`; errors of the system are thrown. */
export async function openMaildirTarget(root: string, name: MailboxName): Promise<MaildirTarget> {
  const folder = name === INBOX ? root : join(root, `${DELIMITER}${encodeUtf7(name)}`);
  for (const part of ['tmp', 'new', 'cur']) await makeFolders(join(folder, part));
  // Maildir++: says that this is a folder of the Maildir above.
  if (name !== INBOX) await writeFile(join(folder, 'maildirfolder'), '', { mode: 0o600 });
  const there = new KeyCounts();
  for await (const { base } of namesOf(folder)) there.add(keyOf(stableName(base)));
  return new MaildirTarget(folder, there, parseKeywords((await readText(join(folder, KEYWORDS_FILE))) ?? ''));
}

export class MaildirTarget implements TargetFolder {
  readonly identity = '';
  readonly hasUnclaimed = false;
  readonly notes: Notes;
  readonly #folder: string;
  readonly #keywords: (Flag | undefined)[];

  constructor(folder: string, there: KeyCounts, keywords: (Flag | undefined)[]) {
    this.#folder = folder;
    this.#keywords = keywords;
    this.notes = {
      has: (key) => there.get(key) > 0,
      brought: (key) => void there.add(key),
      wasThere: () => undefined,
      write: () => undefined,
    };
  }

  async begin(): Promise<Result<void, Failure>> {
    return ok(undefined);
  }

  async find(): Promise<undefined> {
    return undefined;
  }

  async add(messages: readonly Outgoing[]): Promise<Added> {
    await this.#learn(messages.flatMap(({ flags }) => flags));
    const landed: Landed[] = [];
    for (let at = 0; at < messages.length; at += PARALLEL) {
      const some = await Promise.allSettled(messages.slice(at, at + PARALLEL).map((one) => this.#addOne(one)));
      for (const one of some) {
        if (one.status === 'rejected') throw one.reason;
        landed.push(one.value);
      }
    }
    await syncDirectory(join(this.#folder, 'cur'));
    return { landed };
  }

  /** Gives letters to keywords that have none, before a name uses them. */
  async #learn(flags: readonly Flag[]): Promise<void> {
    const before = this.#keywords.length;
    for (const flag of flags) {
      const isKnown = flag.startsWith('\\') || this.#keywords.some((one) => one?.toLowerCase() === flag.toLowerCase());
      if (!isKnown && this.#keywords.length < LETTERS) this.#keywords.push(flag);
    }
    if (this.#keywords.length === before) return;
    const file = join(this.#folder, KEYWORDS_FILE);
    await writeFile(`${file}.tmp`, formatKeywords(this.#keywords), { mode: 0o600, flush: true });
    await rename(`${file}.tmp`, file);
    await syncDirectory(this.#folder);
  }

  async #addOne({ key = '', content, flags, internalDate }: Outgoing): Promise<Landed> {
    const temporary = join(this.#folder, 'tmp', key);
    const file = await open(temporary, 'w', 0o600);
    try {
      const sizes = await writeLf(file, content);
      await file.sync();
      const time = (internalDate ?? 0) / 1000;
      await utimes(temporary, time, time);
      const held = flags.filter((flag) => flag.startsWith('\\') || this.#hasLetter(flag));
      const name = `${key},S=${sizes.size},W=${sizes.shown}${infoOfFlags(held, this.#keywords)}`;
      await rename(temporary, join(this.#folder, 'cur', name));
      return { kind: 'landed', place: 0, flags: held };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }

  #hasLetter(flag: Flag): boolean {
    return this.#keywords.some((one) => one?.toLowerCase() === flag.toLowerCase());
  }

  async close(): Promise<void> {}
}

/** Writes a message with LFs; tells its size, and the one with CRLFs. */
async function writeLf(
  file: FileHandle,
  content: Outgoing['content'],
): Promise<{ readonly size: number; readonly shown: number }> {
  let [size, shown] = [0, 0];
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of contentOf(content)) {
      shown += chunk.length;
      yield chunk;
    }
  };
  for await (const chunk of toLf(counted())) {
    await file.appendFile(chunk);
    size += chunk.length;
  }
  return { size, shown };
}

/** Notes mailboxes as subscribed to, as Dovecot does, beside those that are. */
export async function subscribe(root: string, names: readonly MailboxName[]): Promise<void> {
  const file = join(root, 'subscriptions');
  const before = ((await readText(file)) ?? '').split('\n').filter((line) => line !== '');
  const added = names.map(encodeUtf7).filter((name) => !before.includes(name));
  if (added.length === 0) return;
  await writeFile(`${file}.tmp`, `${[...before, ...added].join('\n')}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.tmp`, file);
}
