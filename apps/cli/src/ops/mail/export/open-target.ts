import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf } from '../../transfer/digest.ts';
import { Journal, lastSitting } from '../../transfer/journal.ts';
import { openMaildirTarget } from '../../transfer/maildir/target.ts';
import { openMboxTarget } from '../../transfer/mbox/target.ts';
import type { Notes, TargetFolder } from '../../transfer/model.ts';
import type { StoreFolder } from '../../transfer/store/source.ts';

export type ExportFormat = 'mbox' | 'maildir';

/** A target with what is known to be in it. */
export interface OpenTarget {
  readonly folder: TargetFolder;
  readonly notes: Notes;
  readonly known: Float64Array;
  close(): Promise<void>;
}

/** What came over into mbox files is noted beside them, so that it goes where they go. */
const NOTES = '.scorpiox-export';

/** Opens the target of a mailbox below the destination; errors of the system are thrown. */
export function openTarget(
  format: ExportFormat,
  destination: string,
  folder: StoreFolder,
  source: string,
): Promise<OpenTarget> {
  return format === 'maildir' ? openMaildir(destination, folder) : openMbox(destination, folder, source);
}

async function openMaildir(destination: string, { name }: StoreFolder): Promise<OpenTarget> {
  const folder = await openMaildirTarget(destination, name);
  return { folder, notes: folder.notes, known: new Float64Array(), close: () => folder.close() };
}

async function openMbox(destination: string, { path, name }: StoreFolder, source: string): Promise<OpenTarget> {
  const file = `${join(destination, ...path)}.mbox`;
  const folder = await openMboxTarget(file);
  const notes = join(destination, NOTES, keyOf(name).toString('hex').slice(0, 16));
  if (folder.isNew) await rm(notes, { force: true });
  const about = { source, folder: name, target: file.slice(destination.length), identity: folder.identity };
  const journal = Journal.open(notes, about, lastSitting(notes) + 1);
  return {
    folder,
    notes: journal,
    known: journal.known,
    close: async () => {
      journal.close();
      await folder.close();
    },
  };
}
