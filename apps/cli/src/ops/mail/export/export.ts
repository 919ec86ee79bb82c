/** Brings a user's mail to somewhere else. What is promised, and how it is kept: ops/transfer/transfer.ts. */
import { dirname } from 'node:path';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import { findAccount } from '../../accounts.ts';
import type { Failure } from '../../failure.ts';
import { lockTransfers } from '../../transfer/places.ts';
import { Report, type Reporting } from '../../transfer/report.ts';
import { type StoreFolder, storeFolders } from '../../transfer/store/source.ts';
import { transferFolder } from '../../transfer/transfer.ts';
import { withMail } from '../store.ts';
import { type Destination, type DestinationRequest, openDestination } from './destination.ts';

export interface ExportRequest {
  readonly user: string;
  readonly destination: DestinationRequest;
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
  const { mailboxes, print, signal } = request;
  const account = await findAccount(config, request.user);
  if (!account.ok) return account;
  const user = account.value.name;
  const home = dirname(mailPlaces(config, user).indexFile);
  return withMail({ config, user, print }, async (store) => {
    const folders = await storeFolders(store, mailboxes);
    if (!folders.ok) return folders;
    const lock = await lockTransfers(home, user);
    if (!lock.ok) return lock;
    try {
      const destination = await openDestination(request.destination, { user, home, signal });
      if (!destination.ok) return destination;
      return ok(await exportFolders(request, folders.value, destination.value));
    } finally {
      await lock.value.release();
    }
  });
}

async function exportFolders(
  { reporting, signal }: ExportRequest,
  folders: readonly StoreFolder[],
  destination: Destination,
): Promise<Exported> {
  const total = folders.reduce((sum, { messages }) => sum + messages, 0);
  const report = new Report(total, reporting);
  try {
    for (const folder of folders) {
      const failure = await exportFolder(folder, destination, report, signal);
      if (failure !== undefined) return { report, failure };
    }
    await destination.end(folders);
    return { report };
  } finally {
    await destination.close();
  }
}

async function exportFolder(
  folder: StoreFolder,
  destination: Destination,
  report: Report,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const opened = await destination.open(folder);
  if (!opened.ok) return opened.error;
  const { folder: to, notes, known, shown, close } = opened.value;
  try {
    const begun = await to.begin(known);
    if (!begun.ok) return begun.error;
    return await transferFolder({ from: folder, to, journal: notes, signal, ...report.of(folder.name, shown) });
  } finally {
    await close();
  }
}
