/** Some files and links, counted together: what goes to a thread and comes back. */
import { readlinkSync } from 'node:fs';
import { systemErrorCode } from '../../failure.ts';
import type { Search } from '../match.ts';
import { type OctetText, octetsOfText } from './octets.ts';
import { countIn, FileCounter, type Tally } from './tally.ts';

export interface Item {
  readonly path: OctetText;
  readonly isLink: boolean;
}

export interface Outcome {
  /** Files that were read. */
  readonly files: number;
  /** By the items' numbers: what they say, and why they could not be read. Those that say nothing are not in it. */
  readonly said: readonly (readonly [item: number, tally: Tally])[];
  readonly failed: readonly (readonly [item: number, code: string])[];
}

export class BatchCounter {
  readonly #search: Search;
  readonly #files: FileCounter;

  constructor(search: Search) {
    this.#search = search;
    this.#files = new FileCounter(search);
  }

  /** Counts in all of them, and lets its caller have a turn after each, and within large ones. */
  *count(items: readonly Item[]): Generator<undefined, Outcome, undefined> {
    let files = 0;
    const said: [number, Tally][] = [];
    const failed: [number, string][] = [];
    for (const [number, { path, isLink }] of items.entries()) {
      try {
        const counted = isLink ? this.#link(path) : this.#files.count(octetsOfText(path));
        const tally = counted !== undefined && 'next' in counted ? yield* counted : counted;
        if (!isLink) files += 1;
        if (tally !== undefined) said.push([number, tally]);
      } catch (error) {
        const code = systemErrorCode(error);
        if (code === undefined) throw error;
        if (!GONE.has(code)) failed.push([number, code]);
      }
      yield;
    }
    return { files, said, failed };
  }

  #link(path: OctetText): Tally | undefined {
    return countIn(this.#search, readlinkSync(octetsOfText(path), { encoding: 'buffer' }));
  }
}

/** What is not there any more, or is no file or link any more. */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EISDIR', 'EINVAL']);
