/** One folder: its three directories, every file in them, and what the index has of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measure } from '../content/content.ts';
import { errno } from '../errors.ts';
import { nodeFileSystem } from '../files/node-file-system.ts';
import type { IndexReader, MailboxFacts, MessageFacts } from '../index/index-reader.ts';
import { STALE } from '../limits.ts';
import { claimedSizes, splitFileName } from '../names/file-name.ts';
import { KEYWORDS_FILE, parseKeywords } from '../names/keywords-file.ts';
import { Bases } from './bases.ts';
import { checkName, isForbidden, showName } from './check-name.ts';
import { type Finding, type FoundFile, finding } from './faults.ts';
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
  /** Whether all files are read, to count what `W=` claims, and not only those whose `S=` is wrong. */
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
  const file = foundFile(target, directory, entry);
  for (const found of checkKind(target, entry, pathIn(file))) yield { ...found, file };
  if (isForbidden(entry.name)) yield { ...finding('forbidden-name', target.folder, pathIn(file)), file };
  else if (entry.stat.isFile()) yield* checkMessage(target, file, { bases, hasKeyword });
}

/** A file with a name that can be a message's. */
async function* checkMessage(target: FolderToVerify, file: FoundFile, { bases, hasKeyword }: Seen) {
  const { folder, contents } = target;
  const name = nameOf(file);
  const path = pathIn(file);
  bases.add(splitFileName(name).base);
  const faults = checkName(name, file.stat.size, hasKeyword);
  const known = { ...file, letters: faults.map(({ letters = '' }) => letters).join('') };
  for (const { fault, detail } of faults) yield { ...finding(fault, folder, path, detail), file: known };
  // Beside one wrong size the other may be wrong as well, and it has to be known to name the file truly.
  const isOdd = faults.some(({ fault }) => fault === 'wrong-size');
  if (contents || isOdd) yield* checkVirtualSize(target, known);
  for (const found of compareWithIndex(target, known)) yield { ...found, file: known };
}

/** An entry with the index's row of its base name. */
function foundFile(
  { folder, owner, indexed }: FolderToVerify,
  directory: FoundFile['directory'],
  entry: Entry,
): FoundFile {
  const { name, stat } = entry;
  const isMessage = directory !== 'tmp' && stat.isFile() && !isForbidden(name);
  const { base } = splitFileName(Buffer.from(name).toString());
  const row = isMessage ? indexed?.index.message(indexed.mailbox.id, base) : undefined;
  return { folder, directory, name, stat, owner, row };
}

const nameOf = ({ name }: FoundFile): string => Buffer.from(name).toString();
const pathIn = ({ folder, directory, name }: FoundFile): string => below(folder, directory, showName(name));

/** What kind of thing it is, whose, and who may read it. */
function* checkKind({ folder, owner }: FolderToVerify, { stat, target }: Entry, path: string): Iterable<Finding> {
  if (stat.isSymbolicLink()) yield finding(target === undefined ? 'dangling-link' : 'not-a-file', folder, path);
  else if (!stat.isFile()) yield finding('not-a-file', folder, path);
  if (!stat.isFile()) return;
  if (stat.uid !== owner) yield finding('wrong-owner', folder, path, `user ${stat.uid}, the Maildir is ${owner}'s`);
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
  if ((stat.mode & 0o007) !== 0) yield finding('open-to-others', folder, path, `mode ${mode}`);
  if ((stat.mode & 0o400) === 0) yield finding('closed-to-owner', folder, path, `mode ${mode}`);
}

async function* checkVirtualSize({ maildir, folder }: FolderToVerify, file: FoundFile): AsyncGenerator<Finding> {
  const claimed = claimedSizes(splitFileName(nameOf(file)).base).virtual;
  if (claimed === undefined) return;
  const virtualSize = await virtualSizeOf(join(maildir, folder, file.directory, nameOf(file)));
  if (virtualSize === undefined || virtualSize === claimed) return; // it was renamed meanwhile, or all is well
  const detail = `W=${claimed}, and the file has ${virtualSize} bytes`;
  yield { ...finding('wrong-virtual-size', folder, pathIn(file), detail), file: { ...file, virtualSize } };
}

/** Undefined where the file is gone, or closed to whoever looks, which is a fault of its own. */
async function virtualSizeOf(path: string): Promise<number | undefined> {
  try {
    const file = await nodeFileSystem.open(path, 'read');
    try {
      return (await measure(file, (await file.stat()).size)).virtualSize;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errno(error) === 'ENOENT' || errno(error) === 'EACCES') return undefined;
    throw error;
  }
}

function* compareWithIndex({ folder, indexed }: FolderToVerify, file: FoundFile): Iterable<Finding> {
  if (indexed === undefined) return;
  const { row, stat } = file;
  const path = pathIn(file);
  if (row === undefined) {
    yield finding('not-in-index', folder, path);
    return;
  }
  if (!isWhere(row, file)) yield finding('index-behind', folder, path, `UID ${row.uid}`);
  if (row.learnt === undefined) return;
  if (row.learnt.size !== stat.size) {
    yield finding('index-size', folder, path, `UID ${row.uid}: ${row.learnt.size}, the file has ${stat.size} bytes`);
  }
  if (Math.abs(row.learnt.internalDate - stat.mtimeMs) > SAME_DATE_MS) {
    const [noted, real] = [row.learnt.internalDate, stat.mtimeMs].map((ms) => new Date(ms).toISOString());
    yield finding('index-date', folder, path, `UID ${row.uid}: ${noted}, the file is of ${real}`);
  }
}

/** Whether the index has the message in the place where this file is. */
const isWhere = ({ inNew, info }: MessageFacts, file: FoundFile): boolean =>
  inNew === (file.directory === 'new') && info === splitFileName(nameOf(file)).info;

/** A second look at the names that may be there more than once: what was only renamed between two looks is there once. */
async function* findTwins(target: FolderToVerify, bases: Bases): AsyncGenerator<Finding> {
  const byBase = new Map<string, FoundFile>();
  for (const directory of ['new', 'cur'] as const) {
    for await (const entry of entriesIn(target, directory)) {
      if (entry === undefined || !entry.stat.isFile() || isForbidden(entry.name)) continue;
      const { base } = splitFileName(Buffer.from(entry.name).toString());
      if (!bases.mayRepeat(base)) continue;
      const second = foundFile(target, directory, entry);
      const first = byBase.get(base);
      if (first === undefined) byBase.set(base, second);
      else yield tellTwins(first, second);
    }
  }
}

/** Told of is the one that the index does not have. */
function tellTwins(first: FoundFile, second: FoundFile): Finding {
  const isSame = first.stat.ino === second.stat.ino && first.stat.dev === second.stat.dev;
  const isSecondKnown = second.row !== undefined && isWhere(second.row, second);
  const [file, other] = isSecondKnown ? [first, second] : [second, first];
  const fault = isSame ? 'two-names' : 'duplicate-base';
  return { ...finding(fault, file.folder, pathIn(file), `beside ${pathIn(other)}`), file };
}

async function* checkUnfinished(target: FolderToVerify): AsyncGenerator<Finding> {
  const { folder, now } = target;
  for await (const entry of entriesIn(target, 'tmp')) {
    if (entry === undefined) yield finding('no-directory', folder, below(folder, 'tmp'));
    else if (now - entry.stat.mtimeMs > STALE) {
      const file = foundFile(target, 'tmp', entry);
      const begun = new Date(entry.stat.mtimeMs).toISOString();
      yield { ...finding('stale-tmp', folder, pathIn(file), `begun ${begun}`), file };
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
