/** Failures inside the package are thrown as `StoreFailure`; the public methods turn them into results here. */
import type { StoreError, StoreErrorCode, StoreResult } from './api.ts';

/** A failure with a code of the contract and a sentence for a person, without mail content. */
export class StoreFailure extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreFailure';
    this.code = code;
  }
}

/** Whoever goes on after `close` of the store. */
export const storeClosed = (): StoreFailure => new StoreFailure('unavailable', 'The mail store was closed.');

/** The folder of an open mailbox was deleted or renamed. */
export const folderGone = (): StoreFailure =>
  new StoreFailure('no-such-mailbox', 'The mailbox does not exist any more.');

/** The operating system's code of an error (`ENOENT`), if it has one. */
export function errno(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A name that is not there: it was renamed or removed meanwhile, or it is a symbolic link into nothing. */
export const isMissing = (error: unknown): boolean => errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR';

/** SQLite's extended result code, or undefined where the error is not SQLite's. */
export function sqliteExtendedCode(error: unknown): number | undefined {
  if (errno(error) !== 'ERR_SQLITE_ERROR' || !(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** SQLite's primary result code, or undefined where the error is not SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  const extended = sqliteExtendedCode(error);
  return extended === undefined ? undefined : extended & 0xff;
}

const FROM_ERRNO: Readonly<Record<string, readonly [StoreErrorCode, string]>> = {
  ENOSPC: ['no-space', 'The disk is full.'],
  EDQUOT: ['quota-exceeded', 'The disk quota is used up.'],
  EFBIG: ['too-large', 'The message is larger than the file system allows.'],
  EACCES: ['access-denied', 'The permissions of the Maildir forbid it.'],
  EPERM: ['access-denied', 'The permissions of the Maildir forbid it.'],
  EROFS: ['access-denied', 'The Maildir lies on a read-only file system.'],
  ENAMETOOLONG: ['invalid-name', 'The name is longer than the file system allows.'],
  ENOENT: ['no-such-mailbox', 'The mailbox is not there any more.'],
  ENOTDIR: ['no-such-mailbox', 'The mailbox is not there any more.'],
  EMFILE: ['unavailable', 'Too many files are open; try again.'],
  ENFILE: ['unavailable', 'Too many files are open on this machine; try again.'],
  EIO: ['unavailable', 'The disk reports an error.'],
  ELOOP: ['access-denied', 'A symbolic link lies where the Maildir needs a file.'],
  EBUSY: ['unavailable', 'The Maildir is busy; try again.'],
  EXDEV: ['unavailable', 'The parts of the Maildir lie on different file systems.'],
  EEXIST: ['unavailable', 'Something else lies where the Maildir needs a file or a directory.'],
  ENOTEMPTY: ['unavailable', 'Something else lies where the Maildir needs a file or a directory.'],
  ENXIO: ['unavailable', 'A socket or a device lies where the Maildir needs a file.'],
  EISDIR: ['unavailable', 'A directory lies where the Maildir needs a file.'],
};

const DAMAGED = 'The mail index is damaged; it is rebuilt when the mail store is opened again.';

const FROM_SQLITE: Readonly<Record<number, readonly [StoreErrorCode, string]>> = {
  5: ['unavailable', 'The mail index is locked by another process; try again.'],
  6: ['unavailable', 'The mail index is locked; try again.'],
  8: ['access-denied', 'The mail index cannot be written.'],
  10: ['unavailable', 'The disk reports an error on the mail index.'],
  11: ['index-replaced', DAMAGED],
  13: ['no-space', 'The disk is full.'],
  14: ['unavailable', 'The mail index cannot be opened.'],
  26: ['index-replaced', DAMAGED],
};

/** What an error means to the caller; undefined for what no caller can handle (our own mistakes). */
export function toStoreError(error: unknown): StoreError | undefined {
  if (error instanceof StoreFailure) return { code: error.code, message: error.message };
  const sqlite = sqliteCode(error);
  const known = sqlite === undefined ? FROM_ERRNO[errno(error) ?? ''] : FROM_SQLITE[sqlite];
  return known === undefined ? undefined : { code: known[0], message: known[1] };
}

/** A successful result. */
const ok = <T>(value: T): StoreResult<T> => ({ ok: true, value });

/** Runs `work` and turns every expected failure into a result; a programming mistake is thrown on. */
export async function attempt<T>(work: () => Promise<T>): Promise<StoreResult<T>> {
  try {
    return ok(await work());
  } catch (error) {
    const known = toStoreError(error);
    if (known === undefined) throw error;
    return { ok: false, error: known };
  }
}

/** The value, or the failure thrown: for what is made of several operations, inside a package that throws. */
export function must<T>(result: StoreResult<T>): T {
  if (!result.ok) throw new StoreFailure(result.error.code, result.error.message);
  return result.value;
}
