/** Whether the index agrees with itself, with its last copy and with the last UIDVALIDITY that was given. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UIDVALIDITY_FILE } from '../folders/folders.ts';
import type { IndexReader, MailboxFacts } from '../index/index-reader.ts';
import { type Finding, finding } from './faults.ts';

/** What a mailbox's UIDs and numbers are compared with. */
export interface Witnesses {
  /** The mailboxes of the last copy, by folder. */
  readonly copied: ReadonlyMap<string, MailboxFacts>;
  /** The last UIDVALIDITY that was given; undefined where none is noted. */
  readonly lastUidValidity: number | undefined;
}

/** What there is to compare with. */
export function readWitnesses(maildir: string, copy: IndexReader | undefined): Witnesses {
  const copied = new Map((copy?.mailboxes() ?? []).map((mailbox) => [mailbox.folder, mailbox]));
  return { copied, lastUidValidity: readLast(join(maildir, UIDVALIDITY_FILE)) };
}

function readLast(file: string): number | undefined {
  try {
    const last = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isNaN(last) ? undefined : last;
  } catch {
    return undefined; // a Maildir that no index was made for has none
  }
}

/** The findings about one mailbox's numbers. */
export function checkMailbox(index: IndexReader, mailbox: MailboxFacts, witnesses: Witnesses): readonly Finding[] {
  const { id, folder, uidNext, highestModSeq } = mailbox;
  return index.atOnce(() => {
    const highest = index.highest(id);
    const found: Finding[] = [...compareWith(mailbox, witnesses)];
    if (highest.uid >= uidNext) found.push(finding('uid-next', folder, '', `UID ${highest.uid}, next ${uidNext}`));
    if (highest.modSeq > highestModSeq) {
      found.push(finding('mod-seq', folder, '', `${highest.modSeq}, noted ${highestModSeq}`));
    }
    if (!index.hasTrueRanges(id)) found.push(finding('uid-ranges', folder));
    return found;
  });
}

function* compareWith(now: MailboxFacts, { copied, lastUidValidity }: Witnesses): Iterable<Finding> {
  const before = copied.get(now.folder);
  if (lastUidValidity !== undefined && now.uidValidity > lastUidValidity) {
    yield finding('uid-validity', now.folder, '', `${now.uidValidity}, the last one given is ${lastUidValidity}`);
  }
  if (before === undefined) return;
  if (now.uidValidity < before.uidValidity) {
    yield finding('uid-validity', now.folder, '', `${now.uidValidity}, it was ${before.uidValidity}`);
  }
  if (now.uidValidity === before.uidValidity && now.uidNext < before.uidNext) {
    yield finding('uid-next-lowered', now.folder, '', `${now.uidNext}, it was ${before.uidNext}`);
  }
}
