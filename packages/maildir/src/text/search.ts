/** A search in one mailbox's texts: candidates by their trigrams, each verified against its text. */
import type { TextScope } from '../api.ts';
import { CUT, type KeptHeader, type TextDb } from '../index/text-db.ts';
import { TEXT_GRAMS, TEXT_SLICE } from '../limits.ts';
import { casemap } from '../mime/index.ts';

/** What is looked for, ready to be compared. */
interface Needle {
  /** UTF-8. */
  readonly octets: Uint8Array;
  /** Empty where it is too short for any. */
  readonly trigrams: readonly string[];
}

/** Runs of three code points, as SQLite's trigram tokenizer makes them. */
function needleOf(text: string): Needle {
  const mapped = casemap(text);
  const points = [...mapped];
  const grams = points.slice(0, -2).map((_, i) => points.slice(i, i + 3).join(''));
  return { octets: Buffer.from(mapped), trigrams: [...new Set(grams)].slice(0, TEXT_GRAMS) };
}

/** UIDs found, and those of which the text index cannot tell. Both ascending. */
export interface Found {
  readonly hits: Uint32Array;
  readonly unindexed: Uint32Array;
}

/**
 * Searches in `uids` (ascending); `rest` lets others go on between slices and throws where nobody wants the answer any
 * more. Rows that are added meanwhile count as absent, rows that go as well.
 */
export async function search(
  db: TextDb,
  mailbox: number,
  uids: Uint32Array,
  asked: { readonly text: string; readonly scope: TextScope },
  rest: () => Promise<void>,
): Promise<Found> {
  const { text, scope } = asked;
  const needle = needleOf(text);
  const known = db.known(mailbox);
  const isKnown = new Set(known);
  const cut = new Set(db.cut(mailbox, maskOf(scope)));
  const candidates = needle.trigrams.length === 0 ? known : db.candidates(mailbox, needle.trigrams);
  const isAsked = new Set(uids);
  const hits = new Set<number>();
  const lost = new Set<number>();
  let looked = 0;
  for (const uid of candidates) {
    if (!isKnown.has(uid) || !isAsked.has(uid)) continue;
    const isHit = verify(db, mailbox, uid, needle.octets, scope);
    if (isHit === undefined) lost.add(uid);
    else if (isHit) hits.add(uid);
    looked += 1;
    if (looked % TEXT_SLICE === 0) await rest();
  }
  const isOpen = (uid: number): boolean => !isKnown.has(uid) || lost.has(uid) || (cut.has(uid) && !hits.has(uid));
  return { hits: uids.filter((uid) => hits.has(uid)), unindexed: uids.filter(isOpen) };
}

const maskOf = (scope: TextScope): number => {
  if (scope === 'body') return CUT.body;
  return scope === 'text' ? CUT.body | CUT.header : CUT.header;
};

/** Whether the needle is where it was asked for; undefined where the text is gone. */
function verify(db: TextDb, mailbox: number, uid: number, needle: Uint8Array, scope: TextScope): boolean | undefined {
  if (typeof scope !== 'object') return db.holds(mailbox, uid, needle, scope);
  const kept = db.header(mailbox, uid, needle);
  if (kept === undefined) return undefined;
  return kept !== null && hasField(kept, `${casemap(scope.header)}: `, needle);
}

/** Whether one of the lines begins with `start` and holds the needle between that and its end. */
function hasField({ header: octets, lines }: KeptHeader, start: string, needle: Uint8Array): boolean {
  const header = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const before = Buffer.from(start);
  const wanted = Buffer.from(needle);
  let at = 0;
  for (const length of lines) {
    const line = header.subarray(at, at + length);
    at += length;
    if (!line.subarray(0, before.length).equals(before)) continue;
    if (line.subarray(before.length, -2).includes(wanted)) return true; // without its CRLF
  }
  return false;
}
