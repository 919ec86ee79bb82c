/** Brings a user's mail to somewhere else. What is promised, and how it is kept: ops/transfer/transfer.ts. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { findAccount } from '../../accounts.ts';
import { type Failure, kindOfSystemError, systemErrorCode } from '../../failure.ts';
import { subscribe } from '../../transfer/maildir/target.ts';
import { lockTransfers } from '../../transfer/places.ts';
import { Report, type Reporting } from '../../transfer/report.ts';
import { type StoreFolder, storeFolders } from '../../transfer/store/source.ts';
import { transferFolder } from '../../transfer/transfer.ts';
import { withMail } from '../store.ts';
import { type ExportFormat, type OpenTarget, openTarget } from './open-target.ts';

export interface ExportRequest {
  readonly user: string;
  readonly format: ExportFormat;
  /** Absolute. */
  readonly folder: string;
  /** Mailboxes; none: all of them. */
  readonly mailboxes: readonly string[];
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  readonly reporting: Reporting;
}

/** How an export ended; `failure` says why it is not whole. */
export interface Exported {
  readonly report: Report;
  readonly failure?: Failure;
}

/** Exports mailboxes, one after the other. */
export async function exportMail(config: Config, request: ExportRequest): Promise<Result<Exported, Failure>> {
  const { user, mailboxes, print } = request;
  const account = await findAccount(config, user);
  if (!account.ok) return account;
  const { name } = account.value;
  const home = dirname(mailPlaces(config, name).indexFile);
  return withMail({ config, user: name, print }, async (store) => {
    const folders = await storeFolders(store, mailboxes);
    if (!folders.ok) return folders;
    const lock = await lockTransfers(home, name);
    if (!lock.ok) return lock;
    try {
      return await exportFolders(request, folders.value, name);
    } finally {
      await lock.value.release();
    }
  });
}

async function exportFolders(
  request: ExportRequest,
  folders: readonly StoreFolder[],
  source: string,
): Promise<Result<Exported, Failure>> {
  const { folder: destination, format, reporting } = request;
  const total = folders.reduce((sum, { messages }) => sum + messages, 0);
  const report = new Report(total, reporting);
  try {
    await mkdir(destination, { recursive: true, mode: 0o700 });
    for (const folder of folders) {
      const failure = await exportFolder(request, folder, source, report);
      if (failure !== undefined) return ok({ report, failure });
    }
    const subscribed = folders.filter((folder) => folder.subscribed).map(({ name }) => name);
    if (format === 'maildir') await subscribe(destination, subscribed);
    return ok({ report });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return err({ kind: kindOfSystemError(code), message: `${destination} cannot be written: ${code}.` });
  }
}

async function exportFolder(
  { folder: destination, format, signal }: ExportRequest,
  folder: StoreFolder,
  source: string,
  report: Report,
): Promise<Failure | undefined> {
  const shown = format === 'maildir' ? folder.name : `${join(...folder.path)}.mbox`;
  const target: OpenTarget = await openTarget(format, destination, folder, source);
  try {
    const begun = await target.folder.begin(target.known);
    if (!begun.ok) return begun.error;
    const telling = report.of(folder.name, shown);
    return await transferFolder({ from: folder, to: target.folder, journal: target.notes, signal, ...telling });
  } finally {
    await target.close();
  }
}
