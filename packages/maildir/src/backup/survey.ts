import type { MailboxName, SpecialUse } from '../api.ts';
import { folderOf, parseMailboxName } from '../names/mailbox-name.ts';
import { BackupFailure } from './failure.ts';
import { type FileLine, formatLine } from './manifest.ts';
import { readManifest, type Stretch } from './manifest-file.ts';
import { findBackup } from './places.ts';

/** A mailbox in a backup. */
export interface Section {
  readonly name: MailboxName;
  readonly folder: string;
  readonly subscribed: boolean;
  readonly specialUse: readonly SpecialUse[];
  readonly messages: number;
  readonly bytes: number;
  /** Where the manifest tells of its messages. */
  readonly stretch: Stretch;
}

/** What is in a backup, without its messages. */
export interface Survey {
  /** The backup's folder. */
  readonly backup: string;
  readonly user: string;
  /** ISO 8601. */
  readonly started: string;
  readonly sections: readonly Section[];
  readonly files: readonly FileLine[];
  readonly index: { readonly size: number; readonly sha256: string } | null;
}

/** Reads a manifest to its end, which proves it whole. Throws `BackupFailure`, and the system's error. */
export async function surveyBackup(root: string, name?: string): Promise<Survey> {
  const backup = await findBackup(root, name);
  const sections: Section[] = [];
  const files: FileLine[] = [];
  let head = { user: '', started: '' };
  let index: Survey['index'] = null;
  let at = 0;
  for await (const line of readManifest(backup)) {
    at += Buffer.byteLength(formatLine(line));
    const current = sections.at(-1);
    if (line.kind === 'backup') head = line;
    else if (line.kind === 'file') files.push(line);
    else if (line.kind === 'end') index = line.index;
    else if (line.kind === 'mailbox') {
      const { folder, subscribed, specialUse } = line;
      const parsed = parseMailboxName(line.name);
      if (!parsed.ok || folderOf(parsed.value) !== folder) {
        throw new BackupFailure(
          'damaged',
          `${backup} names a mailbox that there cannot be: ${JSON.stringify(line.name)}.`,
        );
      }
      const stretch = { start: at, end: at };
      sections.push({ name: parsed.value, folder, subscribed, specialUse, messages: 0, bytes: 0, stretch });
    } else if (current === undefined) throw new BackupFailure('damaged', `${backup} has a message of no mailbox.`);
    if (current === undefined || line.kind === 'mailbox' || line.kind === 'end') continue;
    const more = line.kind === 'message' ? { messages: 1, bytes: line.size } : { messages: 0, bytes: 0 };
    sections[sections.length - 1] = {
      ...current,
      messages: current.messages + more.messages,
      bytes: current.bytes + more.bytes,
      stretch: { start: current.stretch.start, end: at },
    };
  }
  return { backup, user: head.user, started: head.started, sections, files, index };
}
