/**
 * `refs scan`: where a path is said, below some folders. Nothing is changed.
 *
 * Files are looked through one after the other in this thread: what takes the time is opening them, which more threads do
 * not make faster than git does it. git is asked at the end, and only about files in which something was found. What is kept
 * is counts; memory does not grow with files, and with findings up to a bound (limits.ts).
 */
import { readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../../failure.ts';
import type { Environment } from '../../git/environment.ts';
import type { AbsolutePath } from '../absolute-path.ts';
import { TURN_MS } from '../limits.ts';
import { type Search, searchFor } from '../match.ts';
import { replaceHits } from '../replace.ts';
import { Findings, type Report } from './findings.ts';
import type { Excludes } from './glob.ts';
import type { Home } from './home.ts';
import { type OctetText, octetsOfText } from './octets.ts';
import { settle } from './settle.ts';
import { countIn, FileCounter, isGone, type Steps } from './tally.ts';
import { type Entry, resolveRoots, walk } from './walk.ts';

export interface ScanRequest {
  /** Absolute paths of folders or files. */
  readonly roots: readonly string[];
  readonly from: AbsolutePath;
  /** What commands that mend are to write; `/NEW` where it is not known. */
  readonly to?: AbsolutePath;
  readonly excludes?: Excludes;
  /** For git. */
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Files that were looked through. */
  readonly onProgress?: (files: number) => void;
}

const NEW: AbsolutePath = { names: ['NEW'], text: '/NEW' };

/** Everything that is found, with how git sees it and what mends it. */
export async function scan(request: ScanRequest): Promise<Result<Report, Failure>> {
  const roots = await resolveRoots(request.roots);
  if (!roots.ok) return roots;
  const search = searchFor(request.from);
  const scanner = new Scanner(search, request);
  for (const root of roots.value) {
    for await (const { home, entries } of walk(root, request.excludes)) {
      scanner.enter(home);
      for (const entry of entries) {
        for (const _ of scanner.look(entry) ?? [undefined]) {
          if (scanner.isTurnDue()) await scanner.giveTurn();
          if (request.signal.aborted) return err(INTERRUPTED);
        }
      }
    }
  }
  const to = request.to ?? NEW;
  const moved = (octets: Buffer): Buffer => replaceHits(octets, search.inFile(octets).hits, to);
  const report = await settle(scanner.findings, { search, moved, env: request.env }, request.signal);
  return request.signal.aborted ? err(INTERRUPTED) : ok(report);
}

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  message: 'Interrupted: what is below the folders was not seen to its end.',
};

/** Looks through what it is given. */
class Scanner {
  readonly findings = new Findings();
  readonly #search: Search;
  readonly #counter: FileCounter;
  readonly #onProgress: (files: number) => void;
  #turnedAt = performance.now();

  constructor(search: Search, { onProgress }: ScanRequest) {
    this.#search = search;
    this.#counter = new FileCounter(search);
    this.#onProgress = onProgress ?? (() => undefined);
  }

  enter(home: Home): void {
    this.findings.sawHome(home);
  }

  /** Looks at an entry; what takes long is done by who goes through what is returned. */
  look(entry: Entry): Iterable<undefined> | undefined {
    const { path, home } = entry;
    if (entry.kind === 'excluded') this.findings.counts.excluded += 1;
    else if (entry.kind === 'unreadable') this.findings.addUnreadable(path, entry.code);
    else {
      try {
        if (entry.kind === 'link') this.#link(path, home);
        else return this.#file(path, home);
      } catch (error) {
        this.#couldNot(path, error);
      }
    }
    return undefined;
  }

  #file(path: OctetText, home: Home): Iterable<undefined> | undefined {
    const tally = this.#counter.count(octetsOfText(path));
    this.findings.counts.files += 1;
    if (tally !== undefined && 'next' in tally) return this.#largeFile(path, home, tally);
    if (tally !== undefined) this.findings.add(path, home, tally.content, tally);
    return undefined;
  }

  *#largeFile(path: OctetText, home: Home, steps: Steps): Generator<undefined, void, undefined> {
    try {
      const tally = yield* steps;
      if (tally !== undefined) this.findings.add(path, home, tally.content, tally);
    } catch (error) {
      this.#couldNot(path, error);
    }
  }

  #couldNot(path: OctetText, error: unknown): void {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    if (!isGone(error)) this.findings.addUnreadable(path, code);
  }

  #link(path: OctetText, home: Home): void {
    const tally = countIn(this.#search, readlinkSync(octetsOfText(path), { encoding: 'buffer' }));
    if (tally !== undefined) this.findings.add(path, home, 'link', tally);
  }

  isTurnDue(): boolean {
    return performance.now() - this.#turnedAt >= TURN_MS;
  }

  async giveTurn(): Promise<void> {
    this.#onProgress(this.findings.counts.files);
    await setImmediate();
    this.#turnedAt = performance.now();
  }
}
