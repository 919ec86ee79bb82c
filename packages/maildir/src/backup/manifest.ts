/**
 * The manifest of a backup: a line of JSON for each thing, which tells what there was and by which hash its octets are kept.
 * Pure. The last line has the SHA-256 of all before it: a manifest that was cut short, or changed, is none.
 *
 * Mailboxes come by the names of their folders, INBOX first; in each the messages of the index ascending by UID, but for those
 * that were moved away while the backup ran, and at last those that the index does not have.
 */
import type { SpecialUse } from '../api.ts';

/** Rises where a reader of before would misunderstand. */
export const FORMAT = 1;

/** The first line. */
interface HeadLine {
  readonly kind: 'backup';
  readonly format: typeof FORMAT;
  /** Whose mail it is. */
  readonly user: string;
  /** ISO 8601. */
  readonly started: string;
}

/** What follows belongs to this mailbox. Numbers are null where the index did not have it. */
export interface MailboxLine {
  readonly kind: 'mailbox';
  readonly name: string;
  /** In the Maildir; empty for INBOX. */
  readonly folder: string;
  readonly uidValidity: number | null;
  readonly uidNext: number | null;
  readonly subscribed: boolean;
  readonly specialUse: readonly SpecialUse[];
}

/** Octets that are kept under their hash. */
export interface Kept {
  /** Below the Maildir. */
  readonly path: string;
  readonly size: number;
  /** Of its octets, hexadecimal. */
  readonly sha256: string;
}

export interface MessageLine extends Kept {
  readonly kind: 'message';
  /** Null where the index did not have it. */
  readonly uid: number | null;
  readonly flags: readonly string[];
  /** INTERNALDATE, ISO 8601. */
  readonly date: string;
}

/** A small file beside the mail, such as the subscriptions. */
export interface FileLine extends Kept {
  readonly kind: 'file';
}

/** A message that is there and could not be read. */
interface UnreadableLine {
  readonly kind: 'unreadable';
  readonly path: string;
  /** The system's name of the reason. */
  readonly code: string;
}

/** The last line. */
export interface EndLine {
  readonly kind: 'end';
  readonly messages: number;
  readonly bytes: number;
  readonly unreadable: number;
  /** The index beside the manifest; null where there was none, or it was damaged. */
  readonly index: { readonly size: number; readonly sha256: string } | null;
  /** Of all lines before, with their line ends. */
  readonly sha256: string;
}

export type Line = HeadLine | MailboxLine | MessageLine | FileLine | UnreadableLine | EndLine;

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumber = (value: unknown): boolean => value === null || (isCount(value) && Number(value) > 0);
const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isDate = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
/** Below the Maildir, and never out of it. */
const isPath = (value: unknown): boolean =>
  typeof value === 'string' &&
  !value.includes('\0') &&
  !value.split('/').some((part) => ['', '.', '..'].includes(part));
const isFolder = (value: unknown): boolean => value === '' || (isPath(value) && /^\.[^/]+$/.test(String(value)));

const KEPT: Shape = { path: isPath, size: isCount, sha256: isHash };

const SHAPES: Readonly<Record<Line['kind'], Shape>> = {
  backup: { format: (value) => value === FORMAT, user: isText, started: isDate },
  mailbox: {
    name: isText,
    folder: isFolder,
    uidValidity: isNumber,
    uidNext: isNumber,
    subscribed: (value) => typeof value === 'boolean',
    specialUse: areTexts,
  },
  message: { ...KEPT, uid: isNumber, flags: areTexts, date: isDate },
  file: KEPT,
  unreadable: { path: isPath, code: isText },
  end: {
    messages: isCount,
    bytes: isCount,
    unreadable: isCount,
    index: (value) => value === null || (isRecord(value) && isCount(value.size) && isHash(value.sha256)),
    sha256: isHash,
  },
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A line without its end; undefined for what is none of this format. */
export function parseLine(text: string): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || typeof value.kind !== 'string' || !Object.hasOwn(SHAPES, value.kind)) return undefined;
  const shape = SHAPES[value.kind as Line['kind']]; // its own property: just looked at
  const fits = Object.entries(shape).every(([name, isIt]) => isIt((value as Record<string, unknown>)[name]));
  return fits ? (value as unknown as Line) : undefined; // every field of the shape was looked at
}

export const formatLine = (line: Line): string => `${JSON.stringify(line)}\n`;
