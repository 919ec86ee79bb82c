/** Manifests on disk: written line by line under a hash, and read so. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_MANIFEST_LINE } from '../limits.ts';
import { BackupFailure } from './failure.ts';
import { type EndLine, formatLine, type Line, parseLine } from './manifest.ts';
import { MANIFEST } from './places.ts';

export class ManifestWriter {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<ManifestWriter> {
    return new ManifestWriter(await open(path, 'wx', 0o600));
  }

  /** What the lines tell of has to be on disk by now: an interrupted manifest is believed. */
  async add(lines: readonly Line[]): Promise<void> {
    const text = lines.map(formatLine).join('');
    this.#hash.update(text);
    await this.#file.appendFile(text);
  }

  /** Ends it; on disk when it resolves. */
  async end(line: Omit<EndLine, 'sha256'>): Promise<void> {
    await this.#file.appendFile(formatLine({ ...line, sha256: this.#hash.digest('hex') }));
    await this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** A run of octets of a manifest. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The whole lines of a file, or of a stretch of it, one by one. Throws `BackupFailure` for one that is longer than any can be. */
async function* linesOf(path: string, { start, end }: Stretch = { start: 0, end: Infinity }): AsyncGenerator<string> {
  if (start === end) return;
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', start, end: end - 1 })) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_MANIFEST_LINE) throw new BackupFailure('damaged', `${path} is no manifest of a backup.`);
    yield* lines;
  }
}

/**
 * The lines of a finished backup's manifest. Throws `damaged` where one is none, they do not begin and end as they must, or
 * their hash is another: at the end, once all were given.
 */
export async function* readManifest(backup: string): AsyncGenerator<Line> {
  const path = join(backup, MANIFEST);
  const damaged = (what: string) => new BackupFailure('damaged', `${path} ${what}.`);
  const hash = createHash('sha256');
  let number = 0;
  let last: Line | undefined;
  for await (const text of linesOf(path)) {
    number += 1;
    const line = parseLine(text);
    if (line === undefined) throw damaged(`has a line ${number} that is none of this format`);
    if ((number === 1) !== (line.kind === 'backup')) throw damaged('does not begin as it must');
    if (last?.kind === 'end') throw damaged('goes on after its end');
    if (line.kind !== 'end') hash.update(`${text}\n`);
    last = line;
    yield line;
  }
  if (last?.kind !== 'end') throw damaged('was cut short');
  if (last.sha256 !== hash.digest('hex')) throw damaged('was changed: its hash is another');
}

/** The lines of a stretch of a manifest, which was read as a whole before. */
export async function* readStretch(backup: string, stretch: Stretch): AsyncGenerator<Line> {
  const path = join(backup, MANIFEST);
  for await (const text of linesOf(path, stretch)) {
    const line = parseLine(text);
    if (line === undefined) throw new BackupFailure('damaged', `${path} was changed.`);
    yield line;
  }
}

/** The lines of a manifest that nobody ended, as far as they are whole. */
export async function* readUnfinished(path: string): AsyncGenerator<Line> {
  for await (const text of linesOf(path)) {
    const line = parseLine(text);
    if (line === undefined) return;
    yield line;
  }
}
