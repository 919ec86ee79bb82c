/** Collects, line by line, those fields of a header that structure and envelope show. Strings: one octet per character. */
import type { StructureLimits } from './limits.ts';
import { binary } from './octets.ts';

const MIME_FIELDS = [
  ...['content-type', 'content-transfer-encoding', 'content-id', 'content-description', 'content-disposition'],
  ...['content-md5', 'content-language', 'content-location'],
];
const ENVELOPE_FIELDS = [
  ...['date', 'subject', 'from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'in-reply-to', 'message-id'],
];

const OF_PART: ReadonlySet<string> = new Set(MIME_FIELDS);
const OF_MESSAGE: ReadonlySet<string> = new Set([...MIME_FIELDS, ...ENVELOPE_FIELDS]);

/** What a line that begins a field has before its value. One class up to the colon, so that no line is read twice. */
const FIELD_START = /^([^\s:][^:\r\n]{0,199}):/;

/** A field's name and the offset of its value, or undefined for a line that begins none. */
export function fieldStart(line: Uint8Array): { readonly name: string; readonly value: number } | undefined {
  const start = FIELD_START.exec(binary(line.subarray(0, 256)));
  if (start === null) return undefined;
  return { name: trimBlanks(start[1] ?? ''), value: start[0].length };
}

/** What is left for the headers of one message, shared by all its parts. */
export interface HeaderBudget {
  octets: number;
  /** Fields not shown, or not in full. */
  cut: number;
}

/** What a field costs besides its octets, so that a flood of empty ones meets the same bound. */
const FIELD_COST = 64;

export class HeaderFields {
  readonly #wanted: ReadonlySet<string>;
  readonly #limits: StructureLimits;
  readonly #budget: HeaderBudget;
  readonly #values = new Map<string, string[][]>();
  /** Lines of the field being read, when it is wanted. */
  #lines: string[] | undefined;
  #octets = 0;

  constructor(ofMessage: boolean, limits: StructureLimits, budget: HeaderBudget) {
    this.#wanted = ofMessage ? OF_MESSAGE : OF_PART;
    this.#limits = limits;
    this.#budget = budget;
  }

  /** One line of the header, its end included; `length` is its length before anything was cut off. */
  line(kept: Uint8Array, length: number): void {
    const first = kept[0];
    if (first === 0x20 || first === 0x09) {
      if (this.#lines !== undefined) this.#keep(this.#lines, kept, length);
      return;
    }
    this.#lines = undefined;
    const start = fieldStart(kept);
    const key = start?.name.toLowerCase() ?? '';
    if (start === undefined || !this.#wanted.has(key)) return;
    this.#lines = this.#begin(key);
    this.#keep(this.#lines, kept.subarray(start.value), length - start.value);
  }

  #begin(key: string): string[] {
    const lines: string[] = [];
    const others = this.#values.get(key);
    if (others === undefined) this.#values.set(key, [lines]);
    else if (this.#budget.octets > 0) others.push(lines);
    this.#budget.octets -= FIELD_COST;
    this.#octets = 0;
    return lines;
  }

  #keep(lines: string[], kept: Uint8Array, length: number): void {
    const room = Math.max(0, Math.min(this.#limits.fieldOctets - this.#octets, this.#budget.octets));
    const text = binary(kept.subarray(0, room));
    if (text.length < length) this.#budget.cut += 1;
    if (text.length === 0) return;
    this.#octets += text.length;
    this.#budget.octets -= text.length;
    lines.push(text);
  }

  /** Values of every field of that name (in lower case), unfolded, in the order of the header. */
  all(key: string): readonly string[] {
    return (this.#values.get(key) ?? []).map((lines) => unfold(lines.join('')));
  }

  first(key: string): string | undefined {
    return this.all(key)[0];
  }
}

/** A field's value in one line: line ends go, the blanks after them stay (RFC 5322 §2.2.3). */
export const unfold = (value: string): string => trimBlanks(value.replace(/\r?\n/g, ''));

/** Without blanks at its ends; a loop, because an expression for the end is quadratic in a run of blanks elsewhere. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
