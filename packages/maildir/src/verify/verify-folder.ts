/** One folder: its three directories, every file in them, and what the index has of it. */
import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measure } from '../content/content.ts';
import { errno } from '../errors.ts';
import { nodeFileSystem } from '../files/node-file-system.ts';
import type { IndexReader, MailboxFacts } from '../index/index-reader.ts';
import { STALE } from '../limits.ts';
import { claimedSizes, splitFileName } from '../names/file-name.ts';
import { KEYWORDS_FILE, parseKeywords } from '../names/keywords-file.ts';
import { Bases } from './bases.ts';
import { checkName, isForbidden, showName } from './check-name.ts';
import { type Finding, finding } from './faults.ts';
import { type Entry, entriesOf } from './listing.ts';

export interface FolderToVerify {
  /** The Maildir's path. */
  readonly maildir: string;
  /** The folder's name in it, empty for INBOX. */
  readonly folder: string;
  /** Who the Maildir belongs to. */
  readonly owner: number;
  /** Its row, and the index that has it; absent where neither is there. */
  readonly indexed?: { readonly index: IndexReader; readonly mailbox: MailboxFacts } | undefined;
  /** Whether files are read: to count what `W=` claims. */
  readonly contents: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
  /** Called for each file in new/ and cur/. */
  readonly onMessage: () => void;
}

/** A date in the index and a file's may differ by the fraction of a second that some file systems do not keep. */
const SAME_DATE_MS = 1_000;

export async function* verifyFolder(target: FolderToVerify): AsyncGenerator<Finding> {
  const bases = new Bases();
  const hasKeyword = await readKeywords(target);
  for (const directory of ['new', 'cur'] as const) {
    for await (const entry of entriesIn(target, directory)) {
      if (entry === undefined) yield finding('no-directory', target.folder, below(target.folder, directory));
      else yield* checkEntry(target, directory, entry, { bases, hasKeyword });
    }
  }
  if (bases.hasRepeated) yield* findTwins(target, bases);
  yield* checkUnfinished(target);
  yield* findGone(target, bases);
}

const below = (folder: string, ...parts: readonly string[]): string => join(folder, ...parts);

/** The entries of one of the three directories; undefined once where there is no such directory. */
async function* entriesIn(
  { maildir, folder, signal }: FolderToVerify,
  directory: 'new' | 'cur' | 'tmp',
): AsyncGenerator<Entry | undefined> {
  try {
    for await (const entry of entriesOf(join(maildir, folder, directory))) {
      signal?.throwIfAborted();
      if (entry.name[0] !== 0x2e) yield entry; // a dot file is somebody else's
    }
  } catch (error) {
    if (errno(error) !== 'ENOENT' && errno(error) !== 'ENOTDIR') throw error;
    yield undefined;
  }
}

interface Seen {
  readonly bases: Bases;
  readonly hasKeyword: (ordinal: number) => boolean;
}

async function* checkEntry(
  target: FolderToVerify,
  directory: 'new' | 'cur',
  entry: Entry,
  { bases, hasKeyword }: Seen,
): AsyncGenerator<Finding> {
  target.onMessage();
  const { folder } = target;
  const path = below(folder, directory, showName(entry.name));
  yield* checkKind(target, path, entry);
  if (isForbidden(entry.name)) {
    yield finding('forbidden-name', folder, path);
    return;
  }
  if (!entry.stat.isFile()) return;
  const name = Buffer.from(entry.name).toString();
  bases.add(splitFileName(name).base);
  for (const { fault, detail } of checkName(name, entry.stat.size, hasKeyword))
    yield finding(fault, folder, path, detail);
  if (target.contents) yield* checkVirtualSize(target, path, name);
  yield* compareWithIndex(target, { path, name, inNew: directory === 'new', stat: entry.stat });
}

/** What kind of thing it is, whose, and who may read it. */
function* checkKind({ folder, owner }: FolderToVerify, path: string, { stat, target }: Entry): Iterable<Finding> {
  if (stat.isSymbolicLink()) yield finding(target === undefined ? 'dangling-link' : 'not-a-file', folder, path);
  else if (!stat.isFile()) yield finding('not-a-file', folder, path);
  if (!stat.isFile()) return;
  if (stat.uid !== owner) yield finding('wrong-owner', folder, path, `user ${stat.uid}, the Maildir is ${owner}'s`);
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
  if ((stat.mode & 0o007) !== 0) yield finding('open-to-others', folder, path, `mode ${mode}`);
  if ((stat.mode & 0o400) === 0) yield finding('closed-to-owner', folder, path, `mode ${mode}`);
}

async function* checkVirtualSize(
  { maildir, folder }: FolderToVerify,
  path: string,
  name: string,
): AsyncGenerator<Finding> {
  const claimed = claimedSizes(splitFileName(name).base).virtual;
  if (claimed === undefined) return;
  const counted = await virtualSizeOf(join(maildir, path));
  if (counted === undefined || counted === claimed) return; // it was renamed meanwhile, or all is well
  yield finding('wrong-virtual-size', folder, path, `W=${claimed}, and the file has ${counted} bytes`);
}

/** Undefined where the file is gone. */
async function virtualSizeOf(path: string): Promise<number | undefined> {
  try {
    const file = await nodeFileSystem.open(path, 'read');
    try {
      return (await measure(file, (await file.stat()).size)).virtualSize;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

interface SeenFile {
  readonly path: string;
  readonly name: string;
  readonly inNew: boolean;
  readonly stat: Stats;
}

function* compareWithIndex(
  { folder, indexed }: FolderToVerify,
  { path, name, inNew, stat }: SeenFile,
): Iterable<Finding> {
  if (indexed === undefined) return;
  const { base, info } = splitFileName(name);
  const row = indexed.index.message(indexed.mailbox.id, base);
  if (row === undefined) {
    yield finding('not-in-index', folder, path);
    return;
  }
  if (row.inNew !== inNew || row.info !== info) yield finding('index-behind', folder, path, `UID ${row.uid}`);
  if (row.learnt === undefined) return;
  if (row.learnt.size !== stat.size) {
    yield finding('index-size', folder, path, `UID ${row.uid}: ${row.learnt.size}, the file has ${stat.size} bytes`);
  }
  if (Math.abs(row.learnt.internalDate - stat.mtimeMs) > SAME_DATE_MS) {
    const [noted, real] = [row.learnt.internalDate, stat.mtimeMs].map((ms) => new Date(ms).toISOString());
    yield finding('index-date', folder, path, `UID ${row.uid}: ${noted}, the file is of ${real}`);
  }
}

/** A second look at the names that may be there more than once: what was only renamed between two looks is there once. */
async function* findTwins(target: FolderToVerify, bases: Bases): AsyncGenerator<Finding> {
  const byBase = new Map<string, { readonly path: string; readonly stat: Stats }>();
  for (const directory of ['new', 'cur'] as const) {
    for await (const entry of entriesIn(target, directory)) {
      if (entry === undefined || !entry.stat.isFile() || isForbidden(entry.name)) continue;
      const name = Buffer.from(entry.name).toString();
      const { base } = splitFileName(name);
      if (!bases.mayRepeat(base)) continue;
      const path = below(target.folder, directory, name);
      const first = byBase.get(base);
      if (first === undefined) byBase.set(base, { path, stat: entry.stat });
      else {
        const isSame = first.stat.ino === entry.stat.ino && first.stat.dev === entry.stat.dev;
        yield finding(isSame ? 'two-names' : 'duplicate-base', target.folder, path, `beside ${first.path}`);
      }
    }
  }
}

async function* checkUnfinished(target: FolderToVerify): AsyncGenerator<Finding> {
  const { folder, now } = target;
  for await (const entry of entriesIn(target, 'tmp')) {
    if (entry === undefined) yield finding('no-directory', folder, below(folder, 'tmp'));
    else if (now - entry.stat.mtimeMs > STALE) {
      const begun = new Date(entry.stat.mtimeMs).toISOString();
      yield finding('stale-tmp', folder, below(folder, 'tmp', showName(entry.name)), `begun ${begun}`);
    }
  }
}

/** Rows of the index whose file is nowhere in the folder. */
async function* findGone({ folder, indexed, signal }: FolderToVerify, bases: Bases): AsyncGenerator<Finding> {
  if (indexed === undefined) return;
  const { index, mailbox } = indexed;
  for (const page of index.bases(mailbox.id)) {
    signal?.throwIfAborted();
    for (const base of page) {
      if (!bases.mayHave(base)) yield finding('not-on-disk', folder, '', base);
    }
  }
}

/** Which keyword letters have a name: in the index, and in the file that Dovecot keeps. */
async function readKeywords({ maildir, folder, indexed }: FolderToVerify): Promise<(ordinal: number) => boolean> {
  const noted = indexed?.index.keywords(indexed.mailbox.id);
  const file = await readFile(join(maildir, folder, KEYWORDS_FILE), 'utf8').catch(() => '');
  const named = parseKeywords(file);
  return (ordinal) => noted?.has(ordinal) === true || named[ordinal] !== undefined;
}
