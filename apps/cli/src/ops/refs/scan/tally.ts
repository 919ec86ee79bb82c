/** What one file says of the path, counted. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Why } from '../boundaries.ts';
import { type Content, contentOf, hasZero } from '../encoding.ts';
import { LINES_TOLD, OVERLAP_BYTES, WINDOW_BYTES } from '../limits.ts';
import type { Found, Search } from '../match.ts';
import type { Spelling } from '../spellings.ts';

interface Count {
  count: number;
  /** The first of them, each once. */
  readonly lines: number[];
}

export interface Tally {
  content: Content;
  readonly hits: Map<Spelling, Count>;
  readonly nearMisses: Map<Why, Count>;
}

/** The way through a large file. It has to be gone to its end, or returned from. */
export type Steps = Generator<undefined, Tally | undefined, undefined>;

/** A pipe that took a file's place is not waited for, and no link is followed. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Counts in files, one after the other, through one buffer. */
export class FileCounter {
  readonly #search: Search;
  readonly #window = Buffer.allocUnsafe(WINDOW_BYTES);

  constructor(search: Search) {
    this.#search = search;
  }

  /**
   * What one file says, undefined where that is nothing. Of a large file it is the way there: whoever goes it may do something
   * else between two steps, and what it comes to is returned at its end. Errors of the system are thrown.
   */
  count(path: Buffer): Tally | Steps | undefined {
    const file = openSync(path, FLAGS);
    let isLarge = false;
    try {
      const length = this.#fill(file, 0);
      isLarge = length === WINDOW_BYTES;
      if (isLarge) return this.#large(file);
      const found = this.#search.inFile(this.#window.subarray(0, length));
      return isNothing(found) ? undefined : tallyOf([found]);
    } finally {
      if (!isLarge) closeSync(file);
    }
  }

  /** Fills the window from there on, as far as there is something. */
  #fill(file: number, from: number): number {
    let length = from;
    while (length < WINDOW_BYTES) {
      const read = readSync(file, this.#window, length, WINDOW_BYTES - length, null);
      if (read === 0) break;
      length += read;
    }
    return length;
  }

  /** Window after window, each with the end of the one before it; what a place is part of is always in one of them. */
  *#large(file: number): Steps {
    try {
      return yield* this.#windows(file);
    } finally {
      closeSync(file);
    }
  }

  *#windows(file: number): Steps {
    const tally = tallyOf([]);
    let content = contentOf(this.#window);
    let [length, offset, lines, from] = [WINDOW_BYTES, 0, 0, 0];
    for (;;) {
      const window = this.#window.subarray(0, length);
      if (content === 'octets' && hasZero(window)) content = 'binary';
      const isLast = length < WINDOW_BYTES;
      const until = isLast ? length : length - OVERLAP_BYTES;
      add(tally, this.#search.inPart(window, content, { offset, lines, from, until }));
      if (isLast) break;
      yield;
      const kept = until - OVERLAP_BYTES;
      lines += lineFeeds(window.subarray(0, kept), content);
      this.#window.copyWithin(0, kept, length);
      offset += kept;
      from = OVERLAP_BYTES;
      length = this.#fill(file, length - kept);
    }
    return tally.hits.size + tally.nearMisses.size === 0 ? undefined : { ...tally, content };
  }
}

/** What the octets of a symbolic link's target say; undefined where they say nothing. */
export function countIn(search: Search, octets: Buffer): Tally | undefined {
  const found = search.inFile(octets);
  return isNothing(found) ? undefined : tallyOf([found]);
}

const isNothing = ({ hits, nearMisses }: Found): boolean => hits.length === 0 && nearMisses.length === 0;

function tallyOf(all: readonly Found[]): Tally {
  const tally: Tally = { content: 'octets', hits: new Map(), nearMisses: new Map() };
  for (const found of all) add(tally, found);
  return tally;
}

function add(tally: Tally, { content, hits, nearMisses }: Found): void {
  tally.content = content;
  for (const { spelling, line } of hits) countOne(tally.hits, spelling, line);
  for (const { why, line } of nearMisses) countOne(tally.nearMisses, why, line);
}

function countOne<Form>(counts: Map<Form, Count>, form: Form, line: number): void {
  const known = counts.get(form);
  if (known === undefined) {
    counts.set(form, { count: 1, lines: [line] });
    return;
  }
  known.count += 1;
  if (known.lines.length < LINES_TOLD && known.lines.at(-1) !== line) known.lines.push(line);
}

/** Line feeds; in UTF-16 those that are a unit. */
function lineFeeds(octets: Buffer, content: Content): number {
  let lines = 0;
  for (let at = octets.indexOf(10); at !== -1; at = octets.indexOf(10, at + 1)) {
    if (content === 'utf-16le' && (at % 2 !== 0 || octets[at + 1] !== 0)) continue;
    if (content === 'utf-16be' && (at % 2 !== 1 || octets[at - 1] !== 0)) continue;
    lines += 1;
  }
  return lines;
}
