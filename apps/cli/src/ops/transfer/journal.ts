/**
 * What came over from one folder of a source into one folder of a target: a text file that only grows, a line a message.
 * The rules are in transfer.ts. A line that was cut short by a death is none, and neither is what a power failure leaves.
 *
 *   scorpiox-transfer 1 {"source":…,"folder":…,"target":…,"identity":…}
 *   # 1 begun                      the first sitting begins
 *   b <key> <place> <flags>        brought, with these flags
 *   t <key> <place>                was there already
 *   # 1                            it has come to its end
 *   # 1 removing                   what it brought is being taken back; once that is done, nothing tells of it any more
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Flag } from '@scorpiox/maildir';
import { systemErrorCode } from '../failure.ts';
import { KeyCounts } from './key-counts.ts';
import { TRANSFER_CHUNK } from './limits.ts';
import type { Place } from './model.ts';
import { has, Numbers } from './numbers.ts';

/** What a journal is about. With another `identity` (of the target folder) than before, what was noted is void. */
export interface JournalOf {
  readonly source: string;
  readonly folder: string;
  readonly target: string;
  readonly identity: string;
}

/** A message that a sitting has brought. */
export interface Brought {
  readonly place: Place;
  readonly flags: readonly Flag[];
}

const LINE = /^([bt]) ([0-9a-f]{32}) (\d{1,16})(?: (.*))?$/;
const SITTING = /^# (\d{1,9})(?: (begun|removing))?$/;

/** How far a sitting has come: `none` where nothing tells of it, `begun` where it has not come to its end. */
export type SittingState = 'none' | 'begun' | 'whole' | 'removing';

const headerOf = ({ source, folder, target, identity }: JournalOf): string =>
  `scorpiox-transfer 1 ${JSON.stringify({ source, folder, target, identity })}`;

/** Calls `onLine` for each whole line; false where there is no such journal, or its first line is not `header`. */
function readLines(file: string, header: string | undefined, onLine: (line: string) => void): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
  try {
    const chunk = Buffer.alloc(TRANSFER_CHUNK);
    let [rest, isFirst] = ['', true];
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
      const lines = (rest + chunk.toString('latin1', 0, read)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (isFirst && header !== undefined && line !== Buffer.from(header).toString('latin1')) return false;
        onLine(line);
        isFirst = false;
      }
    }
    return !isFirst;
  } finally {
    closeSync(descriptor);
  }
}

export class Journal {
  readonly #descriptor: number;
  readonly #keys: KeyCounts;
  readonly #known: Float64Array;
  readonly #sitting: number;
  #waiting = '';

  private constructor(descriptor: number, keys: KeyCounts, known: Float64Array, sitting: number) {
    this.#descriptor = descriptor;
    this.#keys = keys;
    this.#known = known;
    this.#sitting = sitting;
  }

  /**
   * Opens the journal for a sitting, and makes it where there is none or another's. That the sitting has begun is on disk then.
   * Errors of the system are thrown.
   */
  static open(file: string, about: JournalOf, sitting: number): Journal {
    const keys = new KeyCounts();
    const places = new Numbers();
    const header = headerOf(about);
    const isKnown = readLines(file, header, (line) => {
      const [, , key, place] = LINE.exec(line) ?? [];
      if (key === undefined) return;
      keys.add(Buffer.from(key, 'hex'));
      places.push(Number(place));
    });
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!isKnown) rmSync(file, { force: true });
    const descriptor = openSync(file, 'a', 0o600);
    // A line end first: the last line may have been cut short. Sittings are counted on where what was noted is void.
    const before = sitting > 1 ? `# ${sitting - 1}\n` : '';
    const start = isKnown ? '\n' : `${header}\n${before}`;
    const journal = new Journal(descriptor, keys, places.values().sort(), sitting);
    journal.#sync(`${start}# ${sitting} begun\n`);
    return journal;
  }

  /** Places of all that came over before this sitting, ascending. */
  get known(): Float64Array {
    return this.#known;
  }

  /** Whether this message came over. */
  has(key: Buffer): boolean {
    return this.#keys.get(key) > 0;
  }

  brought(key: Buffer, { place, flags }: Brought): void {
    this.#keys.add(key);
    this.#waiting += `b ${key.toString('hex')} ${place}${flags.map((flag) => ` ${flag}`).join('')}\n`;
  }

  wasThere(key: Buffer, place: Place): void {
    this.#keys.add(key);
    this.#waiting += `t ${key.toString('hex')} ${place}\n`;
  }

  /** Writes what was noted. It outlives the process; of what it does not outlive, transfer.ts says why that does no harm. */
  write(): void {
    if (this.#waiting === '') return;
    writeSync(this.#descriptor, Buffer.from(this.#waiting));
    this.#waiting = '';
  }

  /** The sitting has come to its end: on disk when this returns. */
  end(): void {
    this.#sync(`# ${this.#sitting}\n`);
  }

  #sync(line: string): void {
    this.#waiting += line;
    this.write();
    fsyncSync(this.#descriptor);
  }

  close(): void {
    this.write();
    closeSync(this.#descriptor);
  }
}

/** The last sitting that a journal tells of, whatever it is about; 0 where there is none. */
export const lastSitting = (file: string): number => sittingIn(file, 0).last;

/** How far a sitting has come, and which the last one is. */
export function sittingIn(file: string, sitting: number): { readonly state: SittingState; readonly last: number } {
  let [state, last]: [SittingState, number] = ['none', 0];
  readLines(file, undefined, (line) => {
    const [mark, number, how] = SITTING.exec(line) ?? [];
    if (mark === undefined) return;
    last = Math.max(last, Number(number));
    if (Number(number) === sitting) state = how === 'begun' || how === 'removing' ? how : 'whole';
  });
  return { state, last };
}

/** What a sitting brought is about to be taken back: on disk when this returns. */
export function beginRemoval(file: string, sitting: number): void {
  const descriptor = openSync(file, 'a', 0o600);
  try {
    writeSync(descriptor, `\n# ${sitting} removing\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Names of what came over, by a journal about just this; undefined where there is no such journal. */
export function keysIn(file: string, about: JournalOf): KeyCounts | undefined {
  const keys = new KeyCounts();
  const isKnown = readLines(file, headerOf(about), (line) => {
    const key = LINE.exec(line)?.[2];
    if (key !== undefined) keys.add(Buffer.from(key, 'hex'));
  });
  return isKnown ? keys : undefined;
}

/** What a sitting has brought. */
export function broughtIn(file: string, sitting: number): readonly Brought[] {
  const brought: Brought[] = [];
  const shared = new Map<string, readonly Flag[]>();
  let current = 0;
  readLines(file, undefined, (line) => {
    current = Number(SITTING.exec(line)?.[1] ?? current);
    const [, kind, , place, text = ''] = LINE.exec(line) ?? [];
    if (current !== sitting || kind !== 'b') return;
    const flags = shared.get(text) ?? text.split(' ').filter((flag) => flag !== '');
    shared.set(text, flags);
    brought.push({ place: Number(place), flags });
  });
  return brought;
}

/**
 * Takes back what was noted of these places (ascending), so that their messages may come over again, and that there was
 * such a sitting.
 */
export function forget(file: string, sitting: number, places: Float64Array): void {
  const draft = `${file}.new`;
  const written = openSync(draft, 'w', 0o600);
  let waiting = '';
  const write = () => {
    writeSync(written, waiting, null, 'latin1');
    waiting = '';
  };
  try {
    readLines(file, undefined, (line) => {
      const place = LINE.exec(line)?.[3];
      const isKept = place === undefined ? SITTING.exec(line)?.[1] !== `${sitting}` : !has(places, Number(place));
      if (isKept) waiting += `${line}\n`;
      if (waiting.length > TRANSFER_CHUNK) write();
    });
    write();
    fsyncSync(written);
  } finally {
    closeSync(written);
  }
  renameSync(draft, file);
}

/** Whether a journal is about a target folder of this identity. */
export function isAbout(file: string, identity: string): boolean {
  let [header, isFirst] = ['', true];
  readLines(file, undefined, (line) => {
    if (isFirst) header = line;
    isFirst = false;
  });
  return header.endsWith(`,"identity":${JSON.stringify(identity)}}`);
}
