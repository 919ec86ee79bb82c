/**
 * Finds the messages of an mbox file. Where one ends, only the next `From ` line says, or a Content-Length, which lies as
 * often as not: it is believed where it leads to the next message or to the end of the file. In texts that were not quoted
 * lines begin with `From ` too; they are counted.
 */
import type { FileHandle } from 'node:fs/promises';
import { MBOX_HEADER_MAX, TRANSFER_CHUNK } from '../limits.ts';
import { type FromLine, parseFromLine } from './from-line.ts';
import { type MboxHeader, parseMboxHeader } from './header.ts';

/** How an mbox is written: `auto` believes a Content-Length where that can be right, and else takes quoting for mboxrd's. */
export type MboxFormat = 'auto' | 'mboxrd' | 'mboxo' | 'mboxcl' | 'mboxcl2';

export interface MboxEntry {
  /** Where its `From ` line begins. */
  readonly at: number;
  readonly from: FromLine;
  /** Where its header begins, and where its body ends. */
  readonly start: number;
  readonly end: number;
  readonly header: MboxHeader;
  /** Whether its end follows from its Content-Length. */
  readonly isByLength: boolean;
}

/** Longest `From ` line, with the line after it. */
const LINES = 2_048;
const NEEDLE = Buffer.from('\nFrom ');
const LF = 10;
const CR = 13;

/** An open file, read in chunks that are kept for what is asked next. */
export class Window {
  readonly #file: FileHandle;
  readonly size: number;
  #start = 0;
  #length = 0;
  /** Used again and again: memory that is let go comes back late. */
  #held: Buffer = Buffer.allocUnsafe(TRANSFER_CHUNK);

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** The octets from `at` on: `length` of them, or as many as there are. Good until the next call. */
  async read(at: number, length: number): Promise<Buffer> {
    const end = Math.min(this.size, at + length);
    if (at >= end) return this.#held.subarray(0, 0);
    if (at < this.#start || end > this.#start + this.#length) await this.#fill(at, end - at);
    return this.#held.subarray(at - this.#start, Math.min(end - this.#start, this.#length));
  }

  async #fill(at: number, length: number): Promise<void> {
    if (length > this.#held.length) this.#held = Buffer.allocUnsafe(length);
    const wanted = Math.min(this.#held.length, this.size - at);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.#file.read(this.#held, filled, wanted - filled, at + filled);
      if (bytesRead === 0) break; // it was cut short meanwhile
      filled += bytesRead;
    }
    [this.#start, this.#length] = [at, filled];
  }
}

/** The `From ` line at an offset, and where the line ends; undefined where there is none. */
async function fromLineAt(
  window: Window,
  at: number,
): Promise<{ readonly from: FromLine; readonly end: number } | undefined> {
  const octets = await window.read(at, LINES);
  const first = octets.indexOf(LF);
  if (first < 0 && at + octets.length < window.size) return undefined;
  const text = octets.toString('latin1');
  const [line = '', next = ''] = text.split('\n', 2);
  const from = parseFromLine(line, next);
  return from === undefined ? undefined : { from, end: first < 0 ? window.size : at + first + 1 };
}

/** Where the first message begins; undefined where it is no mbox. */
async function firstLine(window: Window): Promise<number | undefined> {
  const octets = await window.read(0, LINES);
  const blank = /^(?:\xef\xbb\xbf)?\s*/.exec(octets.toString('latin1'))?.[0].length ?? 0;
  return (await fromLineAt(window, blank)) === undefined ? undefined : blank;
}

/** Whether it is an mbox with at least one message. */
export const isMbox = async (window: Window): Promise<boolean> => (await firstLine(window)) !== undefined;

export async function readHeader(window: Window, start: number, end = window.size): Promise<MboxHeader> {
  const wanted = Math.min(MBOX_HEADER_MAX, end - start);
  const some = await window.read(start, Math.min(wanted, 8 * 1024));
  const header = parseMboxHeader(some);
  if (header.length < some.length || some.length >= wanted) return header;
  return parseMboxHeader(await window.read(start, wanted));
}

/** Where a line begins at or after `at` that begins a message; the size where none does. */
async function nextLine(window: Window, at: number, onText: () => void): Promise<number> {
  for (let from = Math.max(0, at - 1); from < window.size; ) {
    const octets = await window.read(from, TRANSFER_CHUNK);
    const found = octets.indexOf(NEEDLE);
    if (found < 0) {
      from += Math.max(1, octets.length - NEEDLE.length + 1);
      continue;
    }
    const line = from + found + 1;
    if ((await fromLineAt(window, line)) !== undefined) return line;
    onText();
    from = line;
  }
  return window.size;
}

/** Without the empty line that divides messages. */
async function withoutBlankLine(window: Window, start: number, end: number): Promise<number> {
  const last = await window.read(Math.max(start, end - 4), Math.min(4, end - start));
  const [blank] = /(?<=\n|^)\r?\n$/.exec(last.toString('latin1')) ?? [];
  return end - (blank?.length ?? 0);
}

/** Where the next message begins if this one ends at `end`; undefined where it cannot end there. */
async function afterEnd(window: Window, end: number): Promise<number | undefined> {
  if (end > window.size) return undefined;
  const octets = await window.read(end, 64);
  let blank = 0;
  while (octets[blank] === LF || octets[blank] === CR) blank += 1;
  if (end + blank === window.size) return window.size;
  return (await fromLineAt(window, end + blank)) === undefined ? undefined : end + blank;
}

/** The messages, in order. `onText` is called for each line that looks like a message's first and is none. */
export async function* scanMbox(window: Window, format: MboxFormat, onText: () => void): AsyncGenerator<MboxEntry> {
  const first = await firstLine(window);
  for (let at = first ?? window.size; at < window.size; ) {
    const line = await fromLineAt(window, at);
    if (line === undefined) return; // the file was changed meanwhile
    const { from, end: start } = line;
    const header = await readHeader(window, start);
    const byLength = format === 'mboxrd' || format === 'mboxo' ? undefined : lengthEnd(start, header);
    const afterLength = byLength === undefined ? undefined : await afterEnd(window, byLength);
    if (byLength !== undefined && afterLength !== undefined) {
      yield { at, from, start, end: byLength, header, isByLength: true };
      at = afterLength;
      continue;
    }
    const next = await nextLine(window, start, onText);
    const end = await withoutBlankLine(window, start, next);
    // A header never reaches into the next message.
    const own = header.length > end - start ? await readHeader(window, start, end) : header;
    yield { at, from, start, end, header: own, isByLength: false };
    at = next;
  }
}

const lengthEnd = (start: number, { length, bodyLength }: MboxHeader): number | undefined =>
  bodyLength === undefined ? undefined : start + length + bodyLength;
