/** What a sequence set or UID set means in a mailbox (RFC 3501 §9 seq-range, sequence-set). Pure. */
import type { SeqNum, SequenceSet, SetNumber } from '../wire/command.ts';
import { firstPlace } from './binary-search.ts';
import type { UidList } from './uid-list.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The sequence numbers of a set in a mailbox of `count` messages, ascending, each once. Undefined where the set names
 * a number that does not exist, or `*` in an empty mailbox: RFC 3501 §9 (seq-number) answers that with BAD.
 */
export function resolveSequence(set: SequenceSet, count: number): SeqNum[] | undefined {
  const spans = toSpans(set, count);
  if (spans.some((span) => span.from < 1 || span.to > count)) return undefined;
  return numbersIn(merge(spans));
}

/**
 * The sequence numbers of the messages whose UIDs a set names, ascending, each once. UIDs that do not exist are
 * passed over (RFC 3501 §6.4.8), and `n:*` has the last message even where n is above its UID.
 */
export function resolveUids(set: SequenceSet, uids: UidList): SeqNum[] {
  const { last } = uids;
  if (last === undefined) return [];
  const spans = spansOf(set, last).map(({ from, to }) => ({
    from: uids.firstAtLeast(from) + 1,
    to: uids.firstAtLeast(to + 1),
  }));
  return numbersIn(spans);
}

/** What a set names, ascending and apart from each other, where `last` is what `*` stands for. */
export function spansOf(set: SequenceSet, last: number): readonly Span[] {
  return merge(toSpans(set, last));
}

/** Whether a UID or sequence number is in what `spansOf` made of a set. */
export function spansHave(spans: readonly Span[], number: number): boolean {
  const span = spans[firstPlace(spans.length, (place) => (spans[place]?.to ?? Number.POSITIVE_INFINITY) < number)];
  return span !== undefined && span.from <= number;
}

function toSpans(set: SequenceSet, last: number): Span[] {
  const numberOf = (number: SetNumber): number => (number === '*' ? last : number);
  return set.map(({ from, to }) => {
    const ends = [numberOf(from), numberOf(to)] as const;
    return { from: Math.min(...ends), to: Math.max(...ends) };
  });
}

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const before = merged.at(-1);
    if (before === undefined || span.from > before.to + 1) merged.push(span);
    else if (span.to > before.to) merged[merged.length - 1] = { from: before.from, to: span.to };
  }
  return merged;
}

function numbersIn(spans: readonly Span[]): SeqNum[] {
  const numbers: SeqNum[] = [];
  for (const { from, to } of spans) {
    // A sequence number is what a place in the view is, and every number here lies between 1 and the view's count.
    for (let number = from; number <= to; number += 1) numbers.push(number as SeqNum);
  }
  return numbers;
}
