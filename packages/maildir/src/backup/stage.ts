/*
 * Bringing a user's mail back as a whole, with its UIDs
 *
 * It is built beside, in a folder that nobody looks at, and takes the user's place by renames once all of it is on disk: no client
 * ever sees a part of it. Files first, then the index that has their UIDs, then one look at every folder by a store of
 * its own, which enters what the index did not have and counts the quota. Each file is written in tmp/, synced and given
 * its name; what is there already when this is done again is left as it is. So whoever is interrupted goes on.
 */
import { statSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { must } from '../errors.ts';
import { syncPath } from '../files/sync-path.ts';
import { reviveSnapshot } from '../index/snapshot.ts';
import { BACKUP_PARALLEL } from '../limits.ts';
import { KEYWORDS_FILE } from '../names/keywords-file.ts';
import { openMailStore } from '../store.ts';
import { lookAt } from './bring-back.ts';
import { BackupFailure, unlessDamaged } from './failure.ts';
import type { Kept, MessageLine } from './manifest.ts';
import { readStretch } from './manifest-file.ts';
import { hashFile, Objects } from './objects.ts';
import { INDEX } from './places.ts';
import type { Section, Survey } from './survey.ts';
import { together } from './together.ts';

export interface Staging {
  /** Where the user's backups lie. */
  readonly root: string;
  /** The backup's folder. */
  readonly backup: string;
  /** The Maildir that is being built. */
  readonly maildir: string;
  /** Whether messages that are damaged in the backup are left out; else they end it. */
  readonly isPartial?: boolean;
}

/** Builds a mailbox's folder with all its messages; on disk when it resolves. */
export async function stageMailbox(staging: Staging, section: Section): Promise<void> {
  const { root, backup, maildir, isPartial = false } = staging;
  const folder = join(maildir, section.folder);
  for (const part of ['cur', 'new', 'tmp']) await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
  if (section.folder !== '') await writeFile(join(folder, 'maildirfolder'), '', { mode: 0o600 });
  const objects = new Objects(root, '');
  let group: MessageLine[] = [];
  const stageGroup = async (): Promise<void> => {
    const stage = (line: MessageLine): Promise<void> => stageFile(objects, maildir, line, Date.parse(line.date));
    await together(group.map((line) => unlessDamaged(isPartial, () => stage(line))));
    group = [];
  };
  for await (const line of readStretch(backup, section.stretch)) {
    if (line.kind === 'message') group.push(line);
    if (line.kind === 'file') await stageFile(objects, maildir, line);
    if (group.length === BACKUP_PARALLEL) await stageGroup();
  }
  await stageGroup();
  for (const part of ['cur', 'new', '.']) await syncPath(join(folder, part));
  await syncPath(maildir);
}

/** Writes a file beside and gives it its name. */
async function stageFile(objects: Objects, maildir: string, kept: Kept, time?: number): Promise<void> {
  const path = join(maildir, kept.path);
  if (statSync(path, { throwIfNoEntry: false })?.size === kept.size) return;
  // Messages have a tmp/ beside their directory, small files lie in the folder itself.
  const tmp = join(
    time === undefined ? dirname(path) : dirname(dirname(path)),
    'tmp',
    basename(path).replace(/:.*$/s, ''),
  );
  await mkdir(dirname(tmp), { recursive: true, mode: 0o700 });
  const file = await open(tmp, 'w', 0o600);
  try {
    for await (const chunk of objects.verified(kept)) await file.writeFile(chunk);
    if (time !== undefined) await file.utimes(time / 1000, time / 1000);
    await file.sync();
    await rename(tmp, path);
  } catch (error) {
    await rm(tmp, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * Brings the small files and the index, and opens what was built as a store: a look at each folder enters what the index does
 * not have, and the quota is counted. On disk when it resolves. Throws what `stageMailbox` throws, and `StoreFailure`.
 */
export async function finishStaging(staging: Staging, indexFile: string, survey: Survey): Promise<void> {
  const { root, backup, maildir } = staging;
  const objects = new Objects(root, '');
  for (const file of survey.files) {
    if (basename(file.path) !== KEYWORDS_FILE) await stageFile(objects, maildir, file);
  }
  await syncPath(maildir);
  for (const part of ['', '-wal', '-shm', '.copy']) await rm(indexFile + part, { force: true });
  if (survey.index !== null) {
    const { size, sha256 } = await hashFile(join(backup, INDEX));
    if (size !== survey.index.size || sha256 !== survey.index.sha256) {
      throw new BackupFailure('damaged', `${join(backup, INDEX)} is not as it was. Verify the backup.`);
    }
    await copyFile(join(backup, INDEX), indexFile);
    await reviveSnapshot(indexFile);
  }
  await settle(maildir, indexFile);
  await syncPath(dirname(indexFile));
}

/** Has every folder looked at once, as a server would. */
async function settle(maildir: string, indexFile: string): Promise<void> {
  const store = must(await openMailStore({ maildir, indexFile }));
  try {
    await lookAt(store);
    const quota = must(await store.quota());
    if (quota !== undefined) must(await store.setQuota(quota.limits));
  } finally {
    await store.close();
  }
}
