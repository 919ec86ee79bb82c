/**
 * mbox files as a source: one file, or a folder of them as Thunderbird (`Name.sbd/`), Apple Mail (`Name.mbox/mbox`), Dovecot
 * and Google's export lay them out. Each file is read through once to be counted, which keeps the offsets of its messages
 * (24 bytes each), and once more when they are brought over.
 */
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { decodeUtf7 } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { kindOfSystemError, systemErrorCode } from '../../failure.ts';
import { TRANSFER_CHUNK } from '../limits.ts';
import { type Source, type SourceFolder, SourceLost, type SourceMessage } from '../model.ts';
import { Numbers } from '../numbers.ts';
import { parseFromLine } from './from-line.ts';
import { placeByLabels } from './labels.ts';
import { type Quoting, unquote } from './quoting.ts';
import { isMbox, type MboxEntry, type MboxFormat, readHeader, scanMbox, Window } from './scan.ts';

/** Offsets of a folder's messages: `From ` line, header and end, one after the other. */
interface Found {
  readonly path: readonly string[];
  readonly offsets: Numbers;
  bytes: number;
}

/** Opens a file or a folder of them. `usage` where there is no mbox in it. */
export async function openMboxSource(
  path: string,
  format: MboxFormat,
  signal: AbortSignal,
): Promise<Result<Source, Failure>> {
  try {
    const root = await realpath(path);
    const isFolder = (await lstat(root)).isDirectory();
    const passedOver: string[] = [];
    const folders: SourceFolder[] = [];
    for await (const file of isFolder
      ? filesBelow(root, [], passedOver)
      : [{ file: root, path: levels([basename(root)]) }]) {
      const found = await readFolders(file.file, file.path, format, { signal, passedOver });
      if (found !== undefined) folders.push(...found);
      else if (isFolder) passedOver.push(`${file.file} is no mbox.`);
    }
    if (folders.length === 0) {
      const what = isFolder ? 'There is no mbox file in' : 'No mbox begins as this file does:';
      return err({ kind: 'usage', message: `${what} ${root}.` });
    }
    return ok({ identity: `mbox ${root}`, passedOver, folders, close: async () => {} });
  } catch (error) {
    signal.throwIfAborted();
    return err(pathFailure(path, error));
  }
}

/** What a path that cannot be read means for whoever named it. */
export function pathFailure(path: string, error: unknown): Failure {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'usage', message: `There is no ${path}.` };
  return { kind: kindOfSystemError(code), message: `${path} cannot be read: ${code}.` };
}

/** Files that mailbox programs keep beside their mailboxes. */
const BESIDE = /\.(?:msf|dat|plist|json|html|log|lock|index|cache)$/i;

async function* filesBelow(
  folder: string,
  above: readonly string[],
  passedOver: string[],
): AsyncGenerator<{ readonly file: string; readonly path: readonly string[] }> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(folder, entry.name);
    if (entry.name.startsWith('.') || BESIDE.test(entry.name)) continue;
    if (/\.partial$/.test(entry.name)) passedOver.push(`${file} is an export that has not come to its end.`);
    else if (entry.isDirectory()) yield* filesBelow(file, [...above, entry.name], passedOver);
    else if (entry.isFile()) yield { file, path: levels([...above, entry.name]) };
    else passedOver.push(`${file} is neither a file nor a folder.`);
  }
}

/** Names of files as levels of a mailbox's name: `Local.sbd/Old.mbox` is Old below Local, and `Old.mbox/mbox` Old itself. */
function levels(names: readonly string[]): readonly string[] {
  const inPackage = names.length > 1 && names.at(-1) === 'mbox' && /\.mbox$/i.test(names.at(-2) ?? '');
  const named = inPackage ? names.slice(0, -1) : names;
  return named.map((name) => {
    const plain = name.replace(/\.(?:sbd|mbox|mbx)$/i, '') || name;
    return plain.includes('&') ? (decodeUtf7(plain) ?? plain) : plain;
  });
}

interface Reading {
  readonly signal: AbortSignal;
  readonly passedOver: string[];
}

/** The mailboxes of a file: one, or one for each label of Google's; undefined where it is no mbox. An empty file is one. */
async function readFolders(
  file: string,
  path: readonly string[],
  format: MboxFormat,
  { signal, passedOver }: Reading,
): Promise<readonly SourceFolder[] | undefined> {
  const handle = await open(file, 'r');
  try {
    const stat = await handle.stat({ bigint: true });
    const state = `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
    const window = new Window(handle, Number(stat.size));
    if (window.size > 0 && !(await isMbox(window))) return undefined;
    const folders = new Map<string, Found>();
    let texts = 0;
    const onText = (): void => {
      texts += 1;
    };
    for await (const entry of scanMbox(window, format, onText)) {
      signal.throwIfAborted();
      if (entry.header.isInternal) passedOver.push(`${file} begins with a note of a mail server to itself.`);
      else add(folders, entry, path);
    }
    if (texts > 0) passedOver.push(`${file}: ${texts} lines that begin with "From " were taken for text.`);
    const found = folders.size > 0 ? [...folders.values()] : [{ path, offsets: new Numbers(), bytes: 0 }];
    return found.map((one) => sourceFolder(file, state, format, one));
  } finally {
    await handle.close();
  }
}

function add(folders: Map<string, Found>, { at, start, end, header }: MboxEntry, path: readonly string[]): void {
  const own = header.labels === undefined ? path : placeByLabels(header.labels).path;
  const key = own.join('\n');
  const found = folders.get(key) ?? { path: own, offsets: new Numbers(), bytes: 0 };
  folders.set(key, found);
  for (const offset of [at, start, end]) found.offsets.push(offset);
  found.bytes += end - start;
}

function sourceFolder(file: string, state: string, format: MboxFormat, { path, offsets, bytes }: Found): SourceFolder {
  return {
    path,
    specialUse: undefined,
    subscribed: true,
    messages: offsets.length / 3,
    bytes,
    state,
    read: (signal) => readMessages(file, state, format, offsets.values(), signal),
  };
}

async function* readMessages(
  file: string,
  state: string,
  format: MboxFormat,
  offsets: Float64Array,
  signal: AbortSignal,
): AsyncGenerator<SourceMessage> {
  const handle = await open(file, 'r');
  try {
    const stat = await handle.stat({ bigint: true });
    if (state !== `${stat.ino} ${stat.size} ${stat.mtimeNs}`) throw changed(file);
    const window = new Window(handle, Number(stat.size));
    for (let at = 0; at + 2 < offsets.length && !signal.aborted; at += 3) {
      const [line = 0, start = 0, end = 0] = offsets.subarray(at, at + 3);
      yield await message(window, format, { line, start, end });
    }
  } finally {
    await handle.close();
  }
}

const changed = (file: string): SourceLost =>
  new SourceLost({ kind: 'stale', message: `${file} was changed by another program meanwhile.` });

interface Offsets {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

async function message(window: Window, format: MboxFormat, { line, start, end }: Offsets): Promise<SourceMessage> {
  const from = parseFromLine((await window.read(line, start - line)).toString('latin1').trimEnd(), 'X:');
  const header = await readHeader(window, start, end);
  const labelled = header.labels === undefined ? [] : placeByLabels(header.labels).flags;
  const isByLength = header.bodyLength === end - start - header.length;
  const open = () => unquote(pieces(window, start, end, header.dropped), quotingOf(format, isByLength));
  return {
    kind: 'message',
    key: undefined,
    where: `byte ${start}`,
    flags: [...new Set([...header.flags, ...labelled])],
    internalDate: from?.date ?? header.date,
    size: end - start,
    open,
  };
}

function quotingOf(format: MboxFormat, isByLength: boolean): Quoting {
  if (format === 'mboxo' || format === 'mboxcl') return 'mboxo';
  return format === 'mboxcl2' || (format === 'auto' && isByLength) ? 'none' : 'mboxrd';
}

/** The octets between two offsets, without what is dropped. */
async function* pieces(
  window: Window,
  start: number,
  end: number,
  dropped: readonly { readonly start: number; readonly end: number }[],
): AsyncGenerator<Uint8Array> {
  let at = start;
  for (const gap of [...dropped, { start: end - start, end: end - start }]) {
    const until = Math.min(end, start + gap.start);
    for (; at < until; at += Math.min(TRANSFER_CHUNK, until - at)) {
      const octets = await window.read(at, Math.min(TRANSFER_CHUNK, until - at));
      if (octets.length < Math.min(TRANSFER_CHUNK, until - at)) throw cutShort();
      yield Buffer.from(octets); // the window goes on
    }
    at = Math.max(at, start + gap.end);
  }
}

const cutShort = (): SourceLost =>
  new SourceLost({ kind: 'stale', message: 'The file was cut short by another program while it was being read.' });
