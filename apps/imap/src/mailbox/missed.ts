/** What a client that comes back has missed of a mailbox (RFC 7162 §3.2.5, §3.2.6). */
import type { Mailbox, MessageState } from '@scorpiox/maildir';
import type { Resynchronisation, SequenceSet } from '../wire/command.ts';
import { type Span, spansHave, spansOf } from './resolve-set.ts';
import type { UidList } from './uid-list.ts';
import { matchedUpTo, missingIn, rangesOf, spansAbove } from './vanished.ts';

/** What the client knows. */
export interface Knowledge {
  /** The modification sequence up to which it knows everything. */
  readonly since: number;
  /** The UIDs that it knows, or that it cares for; every one where it gives none. */
  readonly uids?: SequenceSet | undefined;
  /** A sample of its sequence numbers. */
  readonly match?: Resynchronisation['match'];
}

export interface Missed {
  /** UIDs that are gone, ascending. */
  readonly vanished: readonly Span[];
  /** Messages whose flags may be others, ascending. */
  readonly changed: readonly MessageState[];
}

/**
 * @param uids the messages that the client is told of in this session: of no other it is told that it is there, of none of
 * these that it is gone.
 */
export async function missedOf(
  mailbox: Mailbox,
  uids: UidList,
  { since, uids: known, match }: Knowledge,
): Promise<Missed> {
  const last = Math.max(mailbox.uidNext - 1, uids.last ?? 0);
  const spans = spansUpTo(spansOf(known ?? EVERY_UID, last), last);
  // A modification sequence from the future is none that this mailbox ever had. What is left lies in 0 … the mailbox's own
  // highest, which is what the store's type for it means.
  const from = (since > mailbox.highestModSeq ? 0 : since) as ModSeq;
  const isKnown = (uid: number) => spansHave(spans, uid);
  const isThere = (uid: number) => uids.placeOf(uid) !== undefined;
  const { changed, vanished } = await changesAfter(mailbox, from);
  return {
    changed: changed.filter(({ uid }) => isKnown(uid) && isThere(uid)),
    vanished:
      from >= mailbox.historyFrom
        ? rangesOf(vanished.filter((uid) => isKnown(uid) && !isThere(uid)))
        : missingIn(spansAbove(spans, matchedUpTo(match, uids)), uids),
  };
}

type ModSeq = Mailbox['highestModSeq'];

/** All changes after a modification sequence, with the newest state of each message; other sessions go on meanwhile. */
export async function changesAfter(
  mailbox: Mailbox,
  since: ModSeq,
): Promise<{ changed: MessageState[]; vanished: number[] }> {
  const changed = new Map<number, MessageState>();
  const vanished: number[] = [];
  for await (const page of mailbox.changes(since)) {
    for (const state of page.changed) changed.set(state.uid, state);
    for (const uid of page.vanished) vanished.push(uid);
  }
  const ascending = (a: number, b: number) => a - b;
  return { changed: [...changed.values()].sort((a, b) => a.uid - b.uid), vanished: vanished.sort(ascending) };
}

const EVERY_UID: SequenceSet = [{ from: 1, to: '*' }];

/** The part of ascending spans that can name a message. */
function spansUpTo(spans: readonly Span[], last: number): Span[] {
  return spansAbove(spans, 0)
    .filter(({ from }) => from <= last)
    .map(({ from, to }) => ({ from, to: Math.min(to, last) }));
}
