/**
 * Lists of UIDs that other servers keep in a folder: `dovecot-uidlist` (v3, and v1) and Courier's `courierimapuiddb`,
 * which is written like Dovecot's v1. Pure. A list is believed line by line: what contradicts itself is left out, and its
 * message gets a new UID; a wrong UID would show a client one message under another one's contents.
 *
 * v3: `3 V<uidvalidity> N<uidnext> G<guid>`, then `<uid> [<letter><value> …] :<file name>`. Dovecot appends lines without
 * writing the header again, so UIDs may lie above its N. v1: `1 <uidvalidity> <uidnext>`, then `<uid> <file name>`.
 */
import type { BaseName } from '../api.ts';
import { MAX_ADOPTED_NUMBER, MAX_ADOPTED_UIDS } from '../limits.ts';
import { parseFileName } from '../names/file-name.ts';

interface Header {
  readonly version: 1 | 3;
  readonly uidValidity: number;
  readonly uidNext: number;
  /** Dovecot's GUID of the mailbox. */
  readonly guid: string | undefined;
}

/** What can be believed of a list. */
export interface UidList {
  readonly uidValidity: number;
  /** Above every UID of the list. */
  readonly uidNext: number;
  readonly uids: ReadonlyMap<BaseName, number>;
  /** Lines that were left out. */
  readonly ignored: number;
}

/** A number that can be adopted; undefined for everything else. */
function numberOf(digits: string | undefined): number | undefined {
  if (digits === undefined || !/^\d{1,10}$/.test(digits)) return undefined;
  const value = Number(digits);
  return value > 0 && value <= MAX_ADOPTED_NUMBER ? value : undefined;
}

export function parseHeader(line: string): Header | undefined {
  const [version, ...fields] = line.trimEnd().split(' ');
  const field = (letter: string): string | undefined => fields.find((one) => one.startsWith(letter))?.slice(1);
  const [validity, next] = version === '3' ? [field('V'), field('N')] : [fields[0], fields[1]];
  const uidValidity = numberOf(validity);
  const uidNext = numberOf(next);
  if ((version !== '1' && version !== '3') || uidValidity === undefined || uidNext === undefined) return undefined;
  return { version: version === '3' ? 3 : 1, uidValidity, uidNext, guid: version === '3' ? field('G') : undefined };
}

/** The UID and base name of a line; undefined for rubbish. */
function parseLine(header: Header, line: string): { readonly uid: number; readonly base: BaseName } | undefined {
  const [digits, name] =
    header.version === 3 ? [/^\d+(?= )/.exec(line)?.[0], / :(.*)$/.exec(line)?.[1]] : line.split(/ (.*)$/);
  const uid = numberOf(digits);
  const base = name === undefined || name.includes('/') ? undefined : parseFileName(name)?.base;
  return uid === undefined || base === undefined ? undefined : { uid, base };
}

/** Collects a list line by line. */
export class UidListReader {
  readonly #uids = new Map<BaseName, number>();
  /** Base names that stood in two lines: neither is believed. */
  readonly #doubted = new Set<BaseName>();
  #header: Header | undefined;
  #last: { readonly uid: number; readonly base: BaseName } | undefined;
  #ignored = 0;
  #lines = 0;

  /** A line without its end; undefined for one that is too long to be any. False when nothing of the list can be used. */
  add(line: string | undefined): boolean {
    this.#lines += 1;
    if (this.#lines === 1) {
      this.#header = line === undefined ? undefined : parseHeader(line);
    } else if (line !== '' && this.#header !== undefined) {
      const entry = line === undefined ? undefined : parseLine(this.#header, line);
      if (entry === undefined || !this.#accept(this.#header, entry)) this.#ignored += 1;
    }
    return this.#header !== undefined;
  }

  #accept(header: Header, entry: { readonly uid: number; readonly base: BaseName }): boolean {
    const { uid, base } = entry;
    if (header.version === 1 && uid >= header.uidNext) return false;
    if (this.#last !== undefined && uid < this.#last.uid) return false;
    if (this.#last?.uid === uid) {
      if (this.#uids.delete(this.#last.base)) this.#ignored += 1; // one UID, two files: which one is not known
      return false;
    }
    this.#last = entry;
    if (this.#doubted.has(base)) return false;
    if (this.#uids.delete(base)) {
      this.#doubted.add(base);
      this.#ignored += 1;
      return false;
    }
    this.#uids.set(base, uid);
    if (this.#uids.size > MAX_ADOPTED_UIDS) this.#header = undefined;
    return true;
  }

  /** The list, once all lines were added; undefined without a header that can be used. */
  list(): UidList | undefined {
    if (this.#header === undefined) return undefined;
    const { uidValidity, uidNext } = this.#header;
    const above = (this.#last?.uid ?? 0) + 1;
    return { uidValidity, uidNext: Math.max(uidNext, above), uids: this.#uids, ignored: this.#ignored };
  }
}

/** What stands before the UIDs of a list that is written. */
export const formatHeader = (uidValidity: number, uidNext: number, guid: string | undefined): string =>
  `3 V${uidValidity} N${uidNext}${guid === undefined ? '' : ` G${guid}`}\n`;

export const formatLine = (uid: number, fileName: string): string => `${uid} :${fileName}\n`;
