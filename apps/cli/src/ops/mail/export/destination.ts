/** Where mail is exported to: what an export has to know of mbox files, Maildirs and IMAP servers. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, kindOfSystemError, systemErrorCode } from '../../failure.ts';
import { makeFolders } from '../../make-folders.ts';
import { keyOf } from '../../transfer/digest.ts';
import type { ImapServer } from '../../transfer/imap/server.ts';
import { ImapExport } from '../../transfer/imap/target.ts';
import { Journal, lastSitting } from '../../transfer/journal.ts';
import { openMaildirTarget, subscribe } from '../../transfer/maildir/target.ts';
import { openMboxTarget } from '../../transfer/mbox/target.ts';
import type { Notes, TargetFolder } from '../../transfer/model.ts';
import { journalFile } from '../../transfer/places.ts';
import type { StoreFolder } from '../../transfer/store/source.ts';
import { NOTES, otherFormatIn } from './other-format.ts';

/** A place as it was asked for. */
export type DestinationRequest =
  | { readonly kind: 'mbox' | 'maildir' /** Absolute. */; readonly folder: string }
  | { readonly kind: 'imap'; readonly server: ImapServer };

/** A target folder with what is known to be in it. */
interface OpenTarget {
  readonly folder: TargetFolder;
  /** What it is called there. */
  readonly shown: string;
  readonly notes: Notes;
  readonly known: Float64Array;
  close(): Promise<void>;
}

export interface Destination {
  open(folder: StoreFolder): Promise<Result<OpenTarget, Failure>>;
  /** All of these folders are there. */
  end(folders: readonly StoreFolder[]): Promise<void>;
  close(): Promise<void>;
}

/** Whose mail it is, and where it is noted what came over. */
export interface Exporting {
  readonly user: string;
  readonly home: string;
  readonly signal: AbortSignal;
}

export async function openDestination(
  request: DestinationRequest,
  exporting: Exporting,
): Promise<Result<Destination, Failure>> {
  if (request.kind === 'imap') return imapDestination(request.server, exporting);
  const { folder } = request;
  const other = await attempt(folder, () => otherFormatIn(folder, request.kind));
  if (!other.ok) return other;
  if (other.value !== undefined) return err({ kind: 'usage', message: other.value });
  const made = await attempt(folder, () => makeFolders(folder));
  if (!made.ok) return made;
  return ok(request.kind === 'mbox' ? mboxDestination(folder, exporting) : maildirDestination(folder));
}

async function attempt<T>(folder: string, work: () => Promise<T>): Promise<Result<T, Failure>> {
  try {
    return ok(await work());
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return err({ kind: kindOfSystemError(code), message: `${folder} cannot be written: ${code}.` });
  }
}

const maildirDestination = (root: string): Destination => ({
  open: ({ name }) =>
    attempt(root, async () => {
      const folder = await openMaildirTarget(root, name);
      const { notes } = folder;
      return { folder, shown: name, notes, known: new Float64Array(), close: () => folder.close() };
    }),
  end: (folders) =>
    subscribe(
      root,
      folders.filter(({ subscribed }) => subscribed).map(({ name }) => name),
    ),
  close: async () => {},
});

const mboxDestination = (root: string, { user }: Exporting): Destination => ({
  open: ({ path, name }) =>
    attempt(root, async () => {
      const shown = `${join(...path)}.mbox`;
      const folder = await openMboxTarget(join(root, shown));
      const file = join(root, NOTES, keyOf(name).toString('hex').slice(0, 16));
      if (folder.isNew) await rm(file, { force: true });
      return noted(folder, { file, source: user, name, shown });
    }),
  end: async () => {},
  close: async () => {},
});

async function imapDestination(server: ImapServer, exporting: Exporting): Promise<Result<Destination, Failure>> {
  const opened = await ImapExport.open(server, exporting.signal);
  if (!opened.ok) return opened;
  const place = `imap ${server.credentials.user}@${server.place.host}:${server.place.port}`;
  return ok({
    open: async (folder) => {
      const shown = opened.value.nameOf(folder);
      const target = await opened.value.folder(shown, folder.subscribed);
      if (!target.ok) return target;
      const file = journalFile(exporting.home, `to ${place}`, folder.name, shown);
      return ok(noted(target.value, { file, source: exporting.user, name: folder.name, shown }));
    },
    end: async () => {},
    close: () => opened.value.close(),
  });
}

interface Noted {
  /** Where it is noted what came over. */
  readonly file: string;
  readonly source: string;
  readonly name: string;
  readonly shown: string;
}

function noted(folder: TargetFolder, { file, source, name, shown }: Noted): OpenTarget {
  const about = { source, folder: name, target: shown, identity: folder.identity };
  const notes = Journal.open(file, about, lastSitting(file) + 1);
  const close = async (): Promise<void> => {
    notes.close();
    await folder.close();
  };
  return { folder, shown, notes, known: notes.known, close };
}
