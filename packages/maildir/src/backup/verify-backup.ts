/** Looks a backup over: whether it is what it was when it was made, to the last octet. It changes nothing. */
import { join } from 'node:path';
import { errno, isMissing } from '../errors.ts';
import { IndexReader } from '../index/index-reader.ts';
import { BackupFailure } from './failure.ts';
import type { EndLine, Kept } from './manifest.ts';
import { readManifest } from './manifest-file.ts';
import { hashFile, Objects } from './objects.ts';
import { findBackup, INDEX } from './places.ts';

const FAULTS = {
  manifest: 'The manifest is not what it was when the backup was made.',
  missing: 'What the manifest names is not there.',
  changed: 'The octets are not those that were backed up.',
  unreadable: 'The octets cannot be read.',
  'left-out': 'The message could not be read when the backup was made, and is not in it.',
  'index-changed': 'The index is not what it was when the backup was made.',
} as const;

export type BackupFault = keyof typeof FAULTS;

export interface BackupFinding {
  readonly fault: BackupFault;
  /** A sentence about it. */
  readonly message: string;
  /** Of the message below the Maildir, or of the file that is wrong. */
  readonly path: string;
}

export interface VerifyBackupOptions {
  /** Where the user's backups lie. */
  readonly root: string;
  /** Which backup; the newest when absent. */
  readonly name?: string;
  readonly signal?: AbortSignal;
  /** Called with how many messages were looked at so far. */
  readonly onProgress?: (messages: number, bytes: number) => void;
}

const finding = (fault: BackupFault, path: string, detail = ''): BackupFinding => ({
  fault,
  path,
  message: detail === '' ? FAULTS[fault] : `${FAULTS[fault].replace(/\.$/, '')}: ${detail}.`,
});

/** What is wrong with a backup. Throws `BackupFailure` where there is none, the system's error, and the signal's reason. */
export async function* verifyBackup(options: VerifyBackupOptions): AsyncGenerator<BackupFinding> {
  const { root, name, signal, onProgress } = options;
  const backup = await findBackup(root, name);
  const objects = new Objects(root, '');
  let [messages, bytes] = [0, 0];
  try {
    for await (const line of readManifest(backup)) {
      signal?.throwIfAborted();
      if (line.kind === 'unreadable') yield finding('left-out', line.path, line.code);
      if (line.kind === 'end') yield* await checkIndex(backup, line);
      if (line.kind !== 'message' && line.kind !== 'file') continue;
      yield* await checkOctets(objects, line);
      if (line.kind === 'file') continue;
      messages += 1;
      bytes += line.size;
      onProgress?.(messages, bytes);
    }
  } catch (error) {
    if (!(error instanceof BackupFailure) && !isMissing(error)) throw error;
    yield finding(
      'manifest',
      backup,
      error instanceof BackupFailure ? error.message.replace(/\.$/, '') : 'it is not there',
    );
  }
}

async function checkOctets(objects: Objects, kept: Kept): Promise<readonly BackupFinding[]> {
  try {
    const { size, sha256 } = await hashFile(objects.pathOf(kept.sha256));
    return size === kept.size && sha256 === kept.sha256 ? [] : [finding('changed', kept.path, kept.sha256)];
  } catch (error) {
    const code = errno(error);
    if (code === undefined) throw error;
    return [finding(isMissing(error) ? 'missing' : 'unreadable', kept.path, `${kept.sha256}, ${code}`)];
  }
}

async function checkIndex(backup: string, { index }: EndLine): Promise<readonly BackupFinding[]> {
  if (index === null) return [];
  const path = join(backup, INDEX);
  try {
    const { size, sha256 } = await hashFile(path);
    if (size !== index.size || sha256 !== index.sha256) return [finding('index-changed', path)];
  } catch (error) {
    if (errno(error) === undefined) throw error;
    return [finding('index-changed', path, errno(error))];
  }
  const opened = IndexReader.open(path);
  if (!(opened instanceof IndexReader)) return [finding('index-changed', path, opened)];
  opened.close();
  return [];
}
