/*
 * Bringing back what is missing of a mailbox that is in use
 *
 * A message is missing where no file of any mailbox has its base name: that stays the same wherever it is moved, so what
 * somebody has filed elsewhere since does not come back a second time. It comes back through the store like a delivery, with
 * its flags, its date and its base name, under a new UID; so doing this twice brings nothing twice.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseName, MailStore } from '../api.ts';
import { must } from '../errors.ts';
import { toBaseName } from '../names/ids.ts';
import type { FolderReader } from '../reader/folder-reader.ts';
import { MailReader, type MailReaderOptions } from '../reader/mail-reader.ts';
import { storedOctets } from '../reader/octets.ts';
import { Bases } from '../verify/bases.ts';
import { unlessDamaged } from './failure.ts';
import { baseOf } from './hints.ts';
import type { MessageLine } from './manifest.ts';
import { readStretch } from './manifest-file.ts';
import { Objects } from './objects.ts';
import type { Section, Survey } from './survey.ts';

/** How much of a mailbox is missing. */
export interface Missing {
  readonly section: Section;
  readonly messages: number;
  readonly bytes: number;
  /** Whether the mailbox itself is not there. */
  readonly isGone: boolean;
}

/** Whether there is any message in any mailbox; false where there is no Maildir. */
export async function hasMessages(places: MailReaderOptions): Promise<boolean> {
  if (!existsSync(join(places.maildir, 'cur'))) return false;
  const reader = new MailReader(places);
  try {
    for (const folder of await foldersOf(reader)) for await (const _ of folder.files()) return true;
    return false;
  } finally {
    reader.close();
  }
}

/** What a backup has and the mail has not, by mailboxes; read without a lock. */
export async function findMissing(places: MailReaderOptions, survey: Survey): Promise<readonly Missing[]> {
  const reader = new MailReader(places);
  try {
    // A number of 52 bits stands for each name: that one of a million others has the same is less likely than a broken disk.
    const bases = new Bases();
    for (const folder of await foldersOf(reader)) for await (const { base } of folder.files()) bases.add(base);
    const all: Missing[] = [];
    for (const section of survey.sections) {
      const missing = { section, messages: 0, bytes: 0, isGone: reader.folder(section.name) === undefined };
      for await (const line of messagesOf(survey.backup, section)) {
        if (bases.mayHave(baseOf(line.path))) continue;
        missing.messages += 1;
        missing.bytes += line.size;
      }
      all.push(missing);
    }
    return all;
  } finally {
    reader.close();
  }
}

async function* messagesOf(backup: string, section: Section): AsyncGenerator<MessageLine> {
  for await (const line of readStretch(backup, section.stretch)) if (line.kind === 'message') yield line;
}

async function foldersOf(reader: MailReader): Promise<readonly FolderReader[]> {
  return (await reader.mailboxes()).flatMap(({ name }) => reader.folder(name) ?? []);
}

export interface BringBack {
  /** Where the user's backups lie. */
  readonly root: string;
  /** The backup's folder. */
  readonly backup: string;
  readonly section: Section;
  readonly places: MailReaderOptions;
  readonly store: MailStore;
  /** Whether messages that are damaged in the backup are left out; else they end it. */
  readonly isPartial?: boolean;
}

/** Brings the missing messages of a mailbox back, and the mailbox where it is gone. Returns how many came. */
export async function bringBack({
  root,
  backup,
  section,
  places,
  store,
  isPartial = false,
}: BringBack): Promise<number> {
  const { name } = section;
  await makeMailbox(store, section);
  await lookAt(store);
  const objects = new Objects(root, '');
  const reader = new MailReader(places);
  let count = 0;
  try {
    const folders = await foldersOf(reader);
    for await (const line of messagesOf(backup, section)) {
      const base = toBaseName(baseOf(line.path));
      if (isThere(folders, base)) continue;
      const content = objects.verified(line);
      const internalDate = Date.parse(line.date);
      await unlessDamaged(isPartial, async () => {
        must(await store.append(name, { content, flags: line.flags, internalDate, baseName: base }));
        count += 1;
      });
    }
    return count;
  } finally {
    reader.close();
  }
}

/** Once the store has looked at every mailbox, its index says what is there. */
export async function lookAt(store: MailStore): Promise<void> {
  for (const { name, selectable } of must(await store.list())) {
    if (selectable) must(await store.status(name, { size: false }));
  }
}

const isThere = (folders: readonly FolderReader[], base: BaseName): boolean =>
  folders.some((folder) => folder.uidOf(base) !== undefined);

async function makeMailbox(store: MailStore, { name, specialUse, subscribed }: Section): Promise<void> {
  const made = await store.create(name, specialUse);
  if (!made.ok && made.error.code !== 'mailbox-exists') must(made);
  if (made.ok && subscribed) must(await store.subscribe(name, true));
}

/**
 * Brings messages into a store from a Maildir that is in use no more, each into the mailbox of its name: what was delivered to
 * it in the last moment. Returns how many.
 */
export async function carryOver(from: MailReaderOptions, store: MailStore): Promise<number> {
  if (!(await hasMessages(from))) return 0;
  const reader = new MailReader(from);
  let count = 0;
  try {
    for (const { name } of await reader.mailboxes()) {
      const folder = reader.folder(name);
      for await (const slice of folder?.messages() ?? []) {
        for (const message of slice) {
          const file = await folder?.open(message);
          if (file === undefined) continue;
          try {
            const { internalDate } = file;
            const content = storedOctets(file);
            must(
              await store.append(name, { content, flags: [...message.flags], internalDate, baseName: message.base }),
            );
            count += 1;
          } finally {
            await file.handle.close();
          }
        }
      }
    }
    return count;
  } finally {
    reader.close();
  }
}
