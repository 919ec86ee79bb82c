/**
 * One session's view of the mailbox it selected: which message has which sequence number, and what the client is still
 * to be told.
 *
 * A client and its server must agree on every sequence number at every moment, although mailboxes change at any moment
 * by the hand of other sessions, delivery, and people with `mv`. If they ever disagree, a STORE hits the wrong message.
 *
 * Invariants
 *  1. `#uids` is exactly the list that the client has in mind: uids[n - 1] is its message n. It changes in `drain`
 *     alone, in the same turn in which the responses that tell the client so are made.
 *  2. `#uids` ascends. New messages have higher UIDs than all before them, so they join at the end, and places are
 *     found by binary search. It is all that is held of messages; the index has the rest.
 *  3. What the mailbox has and the client has not been told of waits in `#arrived`, `#gone` and `#flagged`. `absorb`
 *     puts it there, from the index's changes since `#modSeq`; nothing is ever compared with the folder itself.
 *  4. A flagged message waits with the flags that the client is to be told, as they were at `#modSeq`.
 *  5. Whatever happened up to `#toldUpTo` the client has been told. A client that loses its connection comes back with a
 *     modification sequence at or below that (RFC 7162 §3.2), so nothing is lost to it.
 *
 * Hazards, and what is done about them
 *  - EXPUNGE shifts the numbers above it, so it may not come while the client may be using numbers: never within
 *    FETCH, STORE and SEARCH (RFC 3501 §5.5, §7.4.1). `drain` then keeps it back. Commands by UID may carry it.
 *  - While an expunge is kept back, its message still has a number. EXISTS counts it; EXISTS never shrinks by itself.
 *  - A client takes the highest MODSEQ that it was told for the point up to which it knows everything. While an expunge is
 *    kept back that is not so: then HIGHESTMODSEQ says the lower value, and the true one when the expunge has been told
 *    (RFC 7162 §6).
 *  - VANISHED names UIDs that the client counts, each once: it goes out where EXPUNGE would, and for nothing else. What
 *    went before the client came is VANISHED (EARLIER), and shifts no number (RFC 7162 §3.2.10).
 *  - Expunges are remembered for a time only, and a client may be silent for longer: then the view compares its UIDs with
 *    the mailbox's. To a client that comes back, for what is older, and where the client's modification sequence is none of
 *    ours, every UID that it may know and that is not there is named (RFC 7162 §3.2.6).
 *  - EXPUNGE goes out before EXISTS: an EXISTS that counts messages whose expunge follows in the same burst sends
 *    Apple Mail into a loop.
 *  - Within one burst the highest number goes first, so that no EXPUNGE shifts another's number.
 *  - A message that came and went between two commands is never mentioned.
 *  - Flags of a message that the client does not know, or that is gone, are never mentioned (RFC 3501 §7.4.2 would
 *    make the client invent a message).
 *  - A session's own STORE …SILENT is not echoed. But when somebody else changed the same message meanwhile, the
 *    client's idea of the flags is wrong, and it is told (RFC 3501 §6.4.6): see `silence`.
 *  - The index may be newer than `#modSeq`: it changes by the hand of other processes at any moment. A state that is
 *    read from it may be told, for the next `drain` tells what came after it. But what the client had in mind must not
 *    be taken from it: see `told` and `known`.
 *  - \Recent belongs to the first session that is told of a message. It is claimed when the message joins `#uids`, not
 *    when it arrives, and not by a read-only session (RFC 3501 §2.3.2, §6.3.2). IMAP4rev2 does not know it.
 *  - `$` names UIDs, and what is expunged leaves it when the client is told (RFC 5182 §2.1).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Flag, MessageState, StoreError, Uid } from '@scorpiox/maildir';
import { CHANGES_AT_ONCE, CLAIMED_AT_ONCE } from '../limits.ts';
import type { MessageSet, SeqNum } from '../wire/command.ts';
import type { PlainDatum, Response } from '../wire/response.ts';
import { flagList, sameFlags } from './flags.ts';
import type { Hub } from './hub.ts';
import { type Knowledge, type Missed, missedOf } from './missed.ts';
import { claimAll, Recent } from './recent.ts';
import { resolveSequence, resolveUids } from './resolve-set.ts';
import { highestModSeq, PLAINLY, stateData, type Telling, ToldKeywords } from './telling.ts';
import { UidList } from './uid-list.ts';

/** Why a mailbox can no longer be shown to the client that selected it. */
export type Lost = 'deleted' | 'index-replaced';

/** What `sync` found. `failed`: the disk could not be looked at; the view stays as it is. */
export type Synced =
  | { readonly kind: 'ok' }
  | { readonly kind: 'lost'; readonly why: Lost }
  | { readonly kind: 'failed'; readonly error: StoreError };

export interface DrainOptions {
  /** Whether sequence numbers may shift now. */
  readonly allowExpunge: boolean;
  /** FETCH responses within a UID command name the UID (RFC 3501 §6.4.8). */
  readonly withUid: boolean;
}

const NOTHING: Missed = { vanished: [], changed: [] };

type ModSeq = Parameters<Hub['mailbox']['changesSince']>[0];

export class View {
  readonly hub: Hub;
  readonly readOnly: boolean;
  readonly #uids: UidList;
  readonly #telling: Telling;
  #modSeq: ModSeq;
  #toldUpTo: ModSeq;
  #condstoreTold: boolean;
  #heldBack = false;
  readonly #arrived = new Set<number>();
  readonly #gone = new Set<number>();
  readonly #flagged = new Map<number, MessageState>();
  /** Changes up to this modification sequence are known to the client already, by UID. */
  readonly #silenced = new Map<number, number>();
  readonly #recent: Recent;
  #recentTold = 0;
  readonly #keywords: ToldKeywords;
  #saved: readonly number[] = [];

  /** A view of any number of new messages: other sessions go on while they are claimed. */
  static async open(hub: Hub, readOnly: boolean, telling: Telling): Promise<View> {
    return new View(hub, readOnly, telling, readOnly ? [] : await claimAll(hub.mailbox));
  }

  /** @param claimed UIDs that are \Recent to the session already. */
  constructor(hub: Hub, readOnly: boolean, telling: Telling = PLAINLY, claimed: readonly number[] = []) {
    this.hub = hub;
    this.readOnly = readOnly;
    this.#telling = telling;
    this.#condstoreTold = telling.condstore;
    this.#modSeq = hub.mailbox.highestModSeq;
    this.#uids = new UidList(hub.mailbox.uids());
    this.absorb(); // the two above were read one after the other
    this.#flagged.clear(); // the client knows no flags yet
    this.#toldUpTo = this.#modSeq;
    const there = claimed.filter((uid) => this.seqOf(uid) !== undefined); // some may have gone since
    this.#recent = new Recent(hub.mailbox, readOnly, there);
    this.#recentTold = this.recent;
    this.#keywords = new ToldKeywords(hub.mailbox, readOnly);
  }

  /** How many messages the client knows of. */
  get count(): number {
    return this.#uids.count;
  }

  /** How many of them are \Recent. */
  get recent(): number {
    return this.#recent.countUpTo(this.#uids.last ?? 0);
  }

  /** Up to here the client knows everything when `drain` has told all that waits. */
  get modSeq(): number {
    return this.#modSeq;
  }

  /** The UIDs that `$` stands for, ascending (RFC 5182 §2.1). */
  get saved(): readonly number[] {
    return this.#saved;
  }

  set saved(uids: readonly number[]) {
    this.#saved = uids;
  }

  uidAt(seq: SeqNum): Uid | undefined {
    // The view's UIDs are the store's own, which is what Uid means.
    return this.#uids.at(seq - 1) as Uid | undefined;
  }

  /** The UIDs of the client's messages number `first` up to `last`, or as many of them as there are. */
  uidsBetween(first: number, last: number): Uid[] {
    // As above: the store's own.
    return Array.from(this.#uids.slice(first - 1, last), (uid) => uid as Uid);
  }

  /** The client's number of a message, or undefined when it does not know it. */
  seqOf(uid: number): SeqNum | undefined {
    const place = this.#uids.placeOf(uid);
    // A place in #uids is one in the client's list, which is what SeqNum means.
    return place === undefined ? undefined : ((place + 1) as SeqNum);
  }

  /** The messages of a set, ascending; undefined when it names a sequence number that does not exist. */
  resolve(set: MessageSet, byUid: boolean): SeqNum[] | undefined {
    if (set === 'saved') return this.#saved.flatMap((uid) => this.seqOf(uid) ?? []);
    return byUid ? resolveUids(set, this.#uids) : resolveSequence(set, this.count);
  }

  /** What `*` stands for. */
  last(byUid: boolean): number {
    return byUid ? (this.#uids.last ?? 0) : this.count;
  }

  /** The flags as this session sees them: \Recent is its own. */
  flagsOf({ uid, flags }: MessageState): readonly Flag[] {
    return !this.#telling.rev2 && this.#recent.has(uid) ? [...flags, '\\Recent'] : flagList(flags);
  }

  /** What a FETCH response tells of changed flags: with UID and MODSEQ where the client knows of those (RFC 7162 §3.2.4). */
  flagsData(state: MessageState, withUid: boolean): PlainDatum[] {
    return stateData(state, this.#telling, withUid, [{ item: 'FLAGS', flags: this.flagsOf(state) }]);
  }

  /** The same for a message whose flags the client works out for itself; undefined where nothing is left to tell. */
  modSeqData(state: MessageState, withUid: boolean): PlainDatum[] | undefined {
    return this.#telling.condstore ? stateData(state, this.#telling, withUid, []) : undefined;
  }

  isRecent(uid: number): boolean {
    return this.#recent.has(uid);
  }

  /** Looks at the disk, and takes in what changed. */
  async sync(): Promise<Synced> {
    const looked = await this.hub.refresh();
    if (!looked.ok && looked.error.code === 'no-such-mailbox') return { kind: 'lost', why: 'deleted' };
    // What the index still answers is no longer what other processes see.
    if (!looked.ok && looked.error.code === 'index-replaced') return { kind: 'lost', why: 'index-replaced' };
    await this.takeIn();
    return looked.ok ? { kind: 'ok' } : { kind: 'failed', error: looked.error };
  }

  /**
   * What `absorb` does, in slices: of what another session did to all messages in one go, others are to hear in time as well.
   */
  async takeIn(): Promise<void> {
    while (!this.#takeInSome(CHANGES_AT_ONCE)) await nextTurn();
    if (this.#arrived.size >= CLAIMED_AT_ONCE) await this.#recent.joinInSlices();
  }

  /** Takes in what the index has by now. The client is told by the next `drain`. */
  absorb(): void {
    this.#takeInSome();
  }

  /** Calls the listener when the mailbox changed, whoever changed it. */
  onChange(listener: () => void): () => void {
    return this.hub.mailbox.onChange(listener);
  }

  /** The client is being told these flags by a FETCH response: no notice for them. They were read after `absorb`. */
  told({ uid, modSeq }: MessageState): void {
    this.#flagged.delete(uid);
    if (modSeq > this.#modSeq) this.#silenced.set(uid, modSeq);
  }

  /** Of these messages, ascending, those whose state is as it was at the last `absorb`; the index may have a newer one. */
  known(uids: readonly Uid[]): MessageState[] {
    return [...this.hub.mailbox.states(uids)].filter(({ modSeq }) => modSeq <= this.#modSeq);
  }

  /**
   * After a STORE …SILENT of this session: whether the client knows the outcome, which is then not told. It does where that
   * is what the operation makes of the flags that it knew: `expected`, computed from those at the last `absorb`.
   */
  silence(after: MessageState, expected: ReadonlySet<Flag>): boolean {
    if (this.#flagged.has(after.uid) || !sameFlags(after.flags, expected)) return false;
    if (after.modSeq > this.#modSeq) this.#silenced.set(after.uid, after.modSeq);
    return true;
  }

  /** What a client has missed of the messages that it knew, told by its numbers of today. */
  missed(knowledge: Knowledge): Promise<Missed> {
    return missedOf(this.hub.mailbox, this.#uids, knowledge);
  }

  /** The VANISHED (EARLIER) of UID FETCH … (CHANGEDSINCE n VANISHED) (RFC 7162 §3.2.6); it comes before any FETCH. */
  async *vanishedEarlier(since: number, set: MessageSet): AsyncGenerator<Response, void, void> {
    const { vanished: ranges } = set === 'saved' ? NOTHING : await this.missed({ since, uids: set });
    if (ranges.length > 0) yield { type: 'vanished-earlier', ranges };
  }

  /**
   * Everything that the client is to be told and may be told now. The only way out for such notices, but for new keywords,
   * which have to come before the first message that has one: see `drainKeywords`. Flags are taken out as they are asked for:
   * there may be as many as messages, and what is not asked for waits on.
   */
  drain({ allowExpunge, withUid }: DrainOptions): Iterable<Response> {
    this.absorb();
    const first: Response[] = allowExpunge ? this.#drainGone() : [];
    first.push(...this.#drainArrived(), ...this.drainKeywords());
    return this.#inOrder(first, withUid, this.#drainModSeq());
  }

  *#inOrder(first: readonly Response[], withUid: boolean, last: readonly Response[]): Generator<Response, void, void> {
    yield* first;
    yield* this.#drainFlagged(withUid);
    yield* last;
  }

  /** Where `drain` failed: the client must not take the modification sequences that it saw for all that happened. */
  behind(): Response[] {
    if (!this.#telling.condstore) return [];
    this.#heldBack = true;
    return [highestModSeq(this.#toldUpTo)];
  }

  /** Takes in what the index has by now, or some of it; false where there is more. */
  #takeInSome(limit?: number): boolean {
    const { mailbox } = this.hub;
    const since = this.#modSeq;
    if (mailbox.highestModSeq === since) return true; // the commonest case, and cheap to know
    const { changed, vanished, highestModSeq, complete } = mailbox.changesSince(since, limit);
    const gone = since < mailbox.historyFrom ? this.#notThere() : vanished;
    this.#modSeq = highestModSeq; // after what may fail: what was not taken in is asked for again
    for (const state of changed) this.#takeIn(state);
    for (const uid of gone) this.#lose(uid);
    for (const [uid, modSeq] of this.#silenced) if (modSeq <= highestModSeq) this.#silenced.delete(uid);
    return complete;
  }

  /** What of all that the client knows, or is to be told of, the mailbox no longer has. */
  #notThere(): number[] {
    const there = new UidList(this.hub.mailbox.uids());
    const known = [...this.#uids.slice(0, this.count), ...this.#arrived];
    return known.filter((uid) => there.placeOf(uid) === undefined);
  }

  #takeIn(state: MessageState): void {
    const { uid, modSeq } = state;
    if (uid > (this.#uids.last ?? 0)) {
      this.#arrived.add(uid);
      return;
    }
    const silenced = this.#silenced.get(uid) ?? 0;
    if (modSeq > silenced && this.seqOf(uid) !== undefined) this.#flagged.set(uid, state);
  }

  #lose(uid: number): void {
    this.#flagged.delete(uid);
    if (this.seqOf(uid) !== undefined) this.#gone.add(uid);
    else {
      this.#arrived.delete(uid);
      this.#recent.forget([uid]); // it may have been claimed already
    }
  }

  #drainGone(): Response[] {
    if (this.#gone.size === 0) return [];
    const numbers = [...this.#gone].flatMap((uid) => this.seqOf(uid) ?? []);
    this.#uids.remove(this.#gone);
    this.#recent.forget(this.#gone);
    this.#saved = this.#saved.filter((uid) => !this.#gone.has(uid));
    const uids = this.#telling.qresync ? [...this.#gone].sort((a, b) => a - b) : [];
    this.#gone.clear();
    this.#recentTold = Math.min(this.#recentTold, this.recent);
    if (this.#telling.qresync) return [{ type: 'vanished', uids }];
    return numbers.sort((a, b) => b - a).map((seq): Response => ({ type: 'expunge', seq }));
  }

  #drainArrived(): Response[] {
    if (this.#arrived.size === 0) return [];
    // What is taken in by parts comes in the order of the changes, not of the UIDs.
    this.#uids.append([...this.#arrived].sort((a, b) => a - b));
    this.#recent.join();
    this.#arrived.clear();
    const exists: Response = { type: 'exists', count: this.count };
    const recent = this.recent;
    if (recent === this.#recentTold || this.#telling.rev2) return [exists];
    this.#recentTold = recent;
    return [exists, { type: 'recent', count: recent }];
  }

  /** FLAGS and PERMANENTFLAGS where there are keywords that the client has not been told of (RFC 3501 §7.2.6). */
  drainKeywords(): Response[] {
    return this.#keywords.drain();
  }

  *#drainFlagged(withUid: boolean): Generator<Response, void, void> {
    for (const [uid, state] of this.#flagged) {
      this.#flagged.delete(uid);
      const seq = this.seqOf(uid);
      if (seq !== undefined) yield { type: 'fetch', seq, data: this.flagsData(state, withUid) };
    }
  }

  /** HIGHESTMODSEQ where the client would take another value for it, or has just begun to care (RFC 7162 §3.1, §6). */
  #drainModSeq(): Response[] {
    const { condstore } = this.#telling;
    const holdsBack = this.#gone.size > 0;
    if (!holdsBack) this.#toldUpTo = this.#modSeq;
    const isDue = condstore && (holdsBack || this.#heldBack || !this.#condstoreTold);
    this.#heldBack = holdsBack;
    this.#condstoreTold = condstore;
    return isDue ? [highestModSeq(this.#toldUpTo)] : [];
  }
}
