import type { Stats } from 'node:fs';
import type { MessageFacts } from '../index/index-reader.ts';
import { INBOX, mailboxOf } from '../names/mailbox-name.ts';

/** What can be wrong with a Maildir and its index, each with the sentence that people read. */
const FAULTS = {
  'no-directory': 'The folder lacks a directory that every Maildir has.',
  'duplicate-base': 'Two messages share one base name: no UID can tell them apart.',
  'two-names': 'One file stands under two names.',
  'wrong-size': 'The name tells another size than the file has.',
  'wrong-virtual-size': 'The name tells another size with line ends as CRLF than the file has.',
  'forbidden-name': 'The name holds bytes that no mail program can name.',
  'not-a-file': 'This is no regular file, and no mail program shows it.',
  'dangling-link': 'The link leads nowhere.',
  'stale-tmp': 'A delivery was begun more than 36 hours ago and never ended.',
  'wrong-owner': 'The file belongs to somebody else than the Maildir does.',
  'open-to-others': 'Every user of the machine may read or change the file.',
  'closed-to-owner': 'The file cannot be read by its owner.',
  'unknown-flag': 'The name has flag letters that nobody knows.',
  'unnamed-keyword': 'The name has a keyword letter for which no keyword is noted.',
  'index-missing': 'There is no index; the next opening makes one, with new UIDs.',
  'index-damaged': 'The index is damaged; the next opening sets it aside and takes its last copy.',
  'index-version': 'The index was made by another version of this program.',
  'index-size': 'The index has another size of the message than the file.',
  'index-date': 'The index has another date of the message than the file.',
  'uid-next': 'A UID is not below the next one that will be given.',
  'uid-next-lowered': 'The next UID is lower than it was when the index was last copied.',
  'uid-validity': 'UIDVALIDITY is lower than it was, or higher than any that was given.',
  'uid-ranges': 'The ranges of UIDs are not those of the messages.',
  'mod-seq': 'A modification sequence is above the highest that is noted.',
  'not-in-index': 'The index does not have the file yet.',
  'not-on-disk': 'The file of the index is gone.',
  'index-behind': 'The index has the file under the name that it had before.',
} as const;

export type Fault = keyof typeof FAULTS;

/** What the next look at the mailbox settles by itself: somebody delivered, flagged or removed while nobody watched. */
const SETTLES: ReadonlySet<Fault> = new Set(['not-in-index', 'not-on-disk', 'index-behind']);

/** A file in one of a folder's directories, with what was learnt of it. */
export interface FoundFile {
  /** The folder's name in the Maildir, empty for INBOX. */
  readonly folder: string;
  readonly directory: 'new' | 'cur' | 'tmp';
  /** Names need not be text. */
  readonly name: Uint8Array;
  readonly stat: Stats;
  /** Who the Maildir belongs to. */
  readonly owner: number;
  /** What the index has of a message of this base name, in this place or another. */
  readonly row?: MessageFacts | undefined;
  /** Letters of the name that nobody knows, or for which no keyword is noted. */
  readonly letters?: string;
  /** Its size with line ends as CRLF, where that was counted because the name tells another one. */
  readonly virtualSize?: number;
}

/** Something that was found. */
export interface Finding {
  readonly fault: Fault;
  /** A sentence about the fault. */
  readonly message: string;
  /** A fault; or a note, of what settles by itself. */
  readonly level: 'fault' | 'note';
  /** The mailbox, or its folder's name where that is none of a mailbox; empty where the index itself is meant. */
  readonly mailbox: string;
  /** Below the Maildir; bytes that are no text as `\xNN`. Empty where no file is meant. */
  readonly path: string;
  /** What was expected and what is there. */
  readonly detail: string;
  /** The file that is meant, if one is. */
  readonly file?: FoundFile;
}

/** A finding with its sentence and level. `folder` is the folder's name in the Maildir, empty for INBOX. */
export function finding(fault: Fault, folder: string, path = '', detail = ''): Finding {
  const mailbox = folder === '' ? INBOX : (mailboxOf(folder) ?? folder);
  return { fault, message: FAULTS[fault], level: SETTLES.has(fault) ? 'note' : 'fault', mailbox, path, detail };
}

/** A finding about the index itself. */
export function indexFinding(fault: Fault): Finding {
  return { fault, message: FAULTS[fault], level: 'fault', mailbox: '', path: '', detail: '' };
}
