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
  const cut = new Set(db.cut(mailbox, maskOf(scope)));
  const candidates = needle.trigrams.length === 0 ? known : db.candidates(mailbox, needle.trigrams);
  const [wanted] = divide(candidates, known);
  const [worth] = divide(wanted, uids);
  const [here, absent] = divide(uids, known);
  if (isOneTrigram(needle) && scope === 'text') return withCut({ hits: worth, unindexed: absent }, here, cut);
  const hits = new Set<number>();
  const lost = new Set<number>();
  for (let at = 0; at < worth.length; at += TEXT_SLICE) {
    if (at > 0) await rest();
    verify(db, mailbox, worth.subarray(at, at + TEXT_SLICE), needle.octets, scope, { hits, lost });
  }
  const unindexed = lost.size === 0 ? absent : Uint32Array.from([...absent, ...lost]).sort();
  return withCut({ hits: worth.filter((uid) => hits.has(uid)), unindexed }, here, cut);
}

/** The trigram index has the whole truth of three code points, unless they may be a line end that it has added. */
const isOneTrigram = ({ octets, trigrams }: Needle): boolean =>
  trigrams.length === 1 && [...Buffer.from(octets).toString()].length === 3 && !octets.includes(10);

/** Messages that are not hits, and of which something is not there, have to be read. */
function withCut({ hits, unindexed }: Found, here: Uint32Array, cut: ReadonlySet<number>): Found {
  if (cut.size === 0) return { hits, unindexed };
  const isHit = new Set(hits);
  const open = here.filter((uid) => cut.has(uid) && !isHit.has(uid));
  return { hits, unindexed: Uint32Array.from(new Set([...unindexed, ...open])).sort() };
}

/** Those of `uids` that are among `others`, and those that are not; all ascending. */
export function divide(uids: Uint32Array, others: Uint32Array): readonly [Uint32Array, Uint32Array] {
  const inside = new Uint32Array(uids.length);
  const outside = new Uint32Array(uids.length);
  let [ins, outs, at] = [0, 0, 0];
  for (const uid of uids) {
    while (at < others.length && (others[at] ?? uid) < uid) at += 1;
    if (others[at] === uid) inside[ins++] = uid;
    else outside[outs++] = uid;
  }
  return [inside.slice(0, ins), outside.slice(0, outs)];
}

const maskOf = (scope: TextScope): number => {
  if (scope === 'body') return CUT.body;
  return scope === 'text' ? CUT.body | CUT.header : CUT.header;
};

/** Finds out which of the messages hold the needle where it was asked for, and whose texts are gone. */
function verify(
  db: TextDb,
  mailbox: number,
  uids: Uint32Array,
  needle: Uint8Array,
  scope: TextScope,
  { hits, lost }: { readonly hits: Set<number>; readonly lost: Set<number> },
): void {
  if (typeof scope !== 'object') {
    const found = db.holding(mailbox, uids, needle, scope);
    for (const uid of found.hits) hits.add(uid);
    if (found.hits.length + found.others.length === uids.length) return;
    const there = new Set([...found.hits, ...found.others]);
    for (const uid of uids) if (!there.has(uid)) lost.add(uid);
    return;
  }
  const start = `${casemap(scope.header)}: `;
  for (const uid of uids) {
    const kept = db.header(mailbox, uid, needle);
    if (kept === undefined) lost.add(uid);
    else if (kept !== null && hasField(kept, start, needle)) hits.add(uid);
  }
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
