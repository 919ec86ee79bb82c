/** Sets of UIDs of which some are gone (RFC 7162 §3.2.5, §3.2.6). Pure. */
import type { Resynchronisation, SequenceSet, SetNumber } from '../wire/command.ts';
import type { Span } from './resolve-set.ts';
import type { UidList } from './uid-list.ts';

/** Of the UIDs in `spans` (ascending, apart from each other) those that no message has. */
export function missingIn(spans: readonly Span[], uids: UidList): Span[] {
  const missing: Span[] = [];
  for (const { from, to } of spans) {
    let next = from;
    for (let place = uids.firstAtLeast(from); ; place += 1) {
      const uid = uids.at(place);
      const end = uid === undefined || uid > to ? to + 1 : uid;
      if (end > next) missing.push({ from: next, to: end - 1 });
      if (end > to) break;
      next = end + 1;
    }
  }
  return missing;
}

/** Ascending UIDs as ranges. */
export function rangesOf(uids: readonly number[]): Span[] {
  const ranges: Span[] = [];
  for (const uid of uids) {
    const before = ranges.at(-1);
    if (before !== undefined && before.to + 1 === uid) ranges[ranges.length - 1] = { from: before.from, to: uid };
    else ranges.push({ from: uid, to: uid });
  }
  return ranges;
}

/** The part of ascending spans above a UID. */
export function spansAbove(spans: readonly Span[], uid: number): Span[] {
  return spans.filter(({ to }) => to > uid).map(({ from, to }) => ({ from: Math.max(from, uid + 1), to }));
}

/**
 * Up to which UID a client knows of every expunge, by the sample of its numbers and UIDs (RFC 7162 §3.2.5.2): where its
 * message n still is message n, nothing below has gone without its knowledge. 0 where nothing matches.
 */
export function matchedUpTo(match: Resynchronisation['match'], uids: UidList): number {
  if (match === undefined) return 0;
  const samples = numbersOf(match.uids);
  let matched = 0;
  for (const number of numbersOf(match.numbers)) {
    const sample = samples.next();
    // No sample has more members than the mailbox has messages: the first that does not match ends it.
    if (sample.done === true || uids.at(number - 1) !== sample.value) break;
    matched = sample.value;
  }
  return matched;
}

/** The members of a set one after the other: there may be four thousand million. */
function* numbersOf(set: SequenceSet): Generator<number, void, void> {
  for (const { from, to } of set) {
    const ends = [boundOf(from), boundOf(to)] as const;
    for (let number = Math.min(...ends); number <= Math.max(...ends); number += 1) yield number;
  }
}

/** `*` is not allowed in such sets; what it names is none of the client's messages. */
const boundOf = (number: SetNumber): number => (number === '*' ? Number.POSITIVE_INFINITY : number);
