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
 *
 * Hazards, and what is done about them
 *  - EXPUNGE shifts the numbers above it, so it may not come while the client may be using numbers: never within
 *    FETCH, STORE and SEARCH (RFC 3501 §5.5, §7.4.1). `drain` then keeps it back. Commands by UID may carry it.
 *  - While an expunge is kept back, its message still has a number. EXISTS counts it; EXISTS never shrinks by itself.
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
 *    when it arrives, and not by a read-only session (RFC 3501 §2.3.2, §6.3.2).
 */
import type { Flag, MessageState, StoreError, Uid } from '@scorpiox/maildir';
import type { SeqNum, SequenceSet } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { allFlags, permanentFlags, sameFlags } from './flags.ts';
import type { Hub } from './hub.ts';
import { resolveSequence, resolveUids } from './resolve-set.ts';
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

export class View {
  readonly hub: Hub;
  readonly readOnly: boolean;
  readonly #uids: UidList;
  #modSeq: Parameters<Hub['mailbox']['changesSince']>[0];
  #arrived: number[] = [];
  readonly #gone = new Set<number>();
  readonly #flagged = new Map<number, MessageState>();
  /** Changes up to this modification sequence are known to the client already, by UID. */
  readonly #silenced = new Map<number, number>();
  readonly #recent = new Set<number>();
  #recentTold = 0;
  #keywordsTold = '';

  constructor(hub: Hub, readOnly: boolean) {
    this.hub = hub;
    this.readOnly = readOnly;
    this.#modSeq = hub.mailbox.highestModSeq;
    this.#uids = new UidList(hub.mailbox.uids());
    this.absorb(); // the two above were read one after the other
    this.#flagged.clear(); // the client knows no flags yet
    for (const uid of readOnly ? hub.mailbox.recent() : this.#claim()) this.#recent.add(uid);
    this.#recentTold = this.recent;
    this.#keywordsTold = hub.mailbox.keywords().join(' ');
  }

  /** How many messages the client knows of. */
  get count(): number {
    return this.#uids.count;
  }

  /** How many of them are \Recent. */
  get recent(): number {
    const known = this.#uids.last ?? 0;
    let count = 0;
    for (const uid of this.#recent) if (uid <= known) count += 1;
    return count;
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
  resolve(set: SequenceSet, byUid: boolean): SeqNum[] | undefined {
    return byUid ? resolveUids(set, this.#uids) : resolveSequence(set, this.count);
  }

  /** What `*` stands for. */
  last(byUid: boolean): number {
    return byUid ? (this.#uids.last ?? 0) : this.count;
  }

  /** The flags as this session sees them: \Recent is its own. */
  flagsOf({ uid, flags }: MessageState): Flag[] {
    return this.#recent.has(uid) ? [...flags, '\\Recent'] : [...flags];
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
    this.absorb();
    return looked.ok ? { kind: 'ok' } : { kind: 'failed', error: looked.error };
  }

  /** Takes in what the index has by now. The client is told by the next `drain`. */
  absorb(): void {
    const { mailbox } = this.hub;
    if (mailbox.highestModSeq === this.#modSeq) return; // the commonest case, and cheap to know
    const { changed, vanished, highestModSeq } = mailbox.changesSince(this.#modSeq);
    this.#modSeq = highestModSeq; // after what may fail: what was not taken in is asked for again
    for (const state of changed) this.#takeIn(state);
    for (const uid of vanished) this.#lose(uid);
    for (const [uid, modSeq] of this.#silenced) if (modSeq <= highestModSeq) this.#silenced.delete(uid);
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
   * After a STORE …SILENT of this session: the client knows the outcome where it is what the operation makes of the
   * flags that the client knew. `expected` are the flags that the client computes from those at the last `absorb`.
   */
  silence(after: MessageState, expected: ReadonlySet<Flag>): void {
    if (this.#flagged.has(after.uid) || !sameFlags(after.flags, expected)) return;
    if (after.modSeq > this.#modSeq) this.#silenced.set(after.uid, after.modSeq);
  }

  /**
   * Everything that the client is to be told and may be told now. The only way out for such notices, but for new keywords,
   * which have to come before the first message that has one: see `drainKeywords`.
   */
  drain({ allowExpunge, withUid }: DrainOptions): Response[] {
    this.absorb();
    const responses: Response[] = allowExpunge ? this.#drainGone() : [];
    responses.push(...this.#drainArrived(), ...this.drainKeywords());
    // Not spread into push: a burst may be longer than a call may have arguments.
    return responses.concat(this.#drainFlagged(withUid));
  }

  #takeIn(state: MessageState): void {
    const { uid, modSeq } = state;
    const last = this.#arrived.at(-1) ?? this.#uids.last ?? 0;
    if (uid > last) {
      this.#arrived.push(uid);
      return;
    }
    const silenced = this.#silenced.get(uid) ?? 0;
    if (modSeq > silenced && this.seqOf(uid) !== undefined) this.#flagged.set(uid, state);
  }

  #lose(uid: number): void {
    this.#flagged.delete(uid);
    if (this.seqOf(uid) !== undefined) this.#gone.add(uid);
    else if (this.#arrived.length > 0) this.#arrived = this.#arrived.filter((arrived) => arrived !== uid);
  }

  #drainGone(): Response[] {
    if (this.#gone.size === 0) return [];
    const numbers = [...this.#gone].flatMap((uid) => this.seqOf(uid) ?? []);
    this.#uids.remove(this.#gone);
    for (const uid of this.#gone) this.#recent.delete(uid);
    this.#gone.clear();
    this.#recentTold = Math.min(this.#recentTold, this.recent);
    return numbers.sort((a, b) => b - a).map((seq): Response => ({ type: 'expunge', seq }));
  }

  #drainArrived(): Response[] {
    if (this.#arrived.length === 0) return [];
    this.#uids.append(this.#arrived);
    for (const uid of this.readOnly ? this.#unclaimed(this.#arrived) : this.#claim()) this.#recent.add(uid);
    this.#arrived = [];
    const exists: Response = { type: 'exists', count: this.count };
    const recent = this.recent;
    if (recent === this.#recentTold) return [exists];
    this.#recentTold = recent;
    return [exists, { type: 'recent', count: recent }];
  }

  /** FLAGS and PERMANENTFLAGS where there are keywords that the client has not been told of (RFC 3501 §7.2.6). */
  drainKeywords(): Response[] {
    const keywords = this.hub.mailbox.keywords();
    const told = keywords.join(' ');
    if (told === this.#keywordsTold) return [];
    this.#keywordsTold = told;
    return [{ type: 'flags', flags: allFlags(keywords) }, permanentFlags(keywords, this.readOnly)];
  }

  #drainFlagged(withUid: boolean): Response[] {
    const responses: Response[] = [];
    for (const [uid, state] of this.#flagged) {
      const seq = this.seqOf(uid);
      if (seq === undefined) continue;
      const flags = { item: 'FLAGS', flags: this.flagsOf(state) } as const;
      responses.push({ type: 'fetch', seq, data: withUid ? [{ item: 'UID', value: uid }, flags] : [flags] });
    }
    this.#flagged.clear();
    return responses;
  }

  /** Those of these messages that are \Recent and stay so. */
  #unclaimed(uids: readonly number[]): readonly number[] {
    const recent = new Set<number>(this.hub.mailbox.recent());
    return uids.filter((uid) => recent.has(uid));
  }

  #claim(): readonly number[] {
    try {
      return this.hub.mailbox.claimRecent();
    } catch {
      return []; // the index is locked for now: they stay unclaimed, and the next arrival's claim has them too
    }
  }
}
