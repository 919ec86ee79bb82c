/** What the index says of one mailbox, in the contract's terms. It holds the head alone; messages are read when asked for. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Flag, MailboxChanges, MessageRecord, MessageState, ModSeq, Uid } from './api.ts';
import type { Arrivals, Changes, Moment } from './events.ts';
import type { Expunged, Span } from './index/changes.ts';
import type { MailboxRow } from './index/mailboxes.ts';
import type { MessageRow, StateRow } from './index/message-row.ts';
import { CHANGES, FLAG_SETS, FLAGS_READ, ROWS } from './limits.ts';
import { emailIdOf } from './names/file-name.ts';
import { DELETED, type Keywords, showFlags } from './names/flags.ts';
import { toModSeq } from './names/ids.ts';
import { detailedRows } from './sync/details.ts';
import type { Workplace } from './writing/alter.ts';

/** Above every UID. */
const ALL_UIDS = 2 ** 32;

export class MailboxReading {
  readonly #work: Workplace;
  readonly #flagSets = new Map<string, ReadonlySet<Flag>>();
  #keywords: Keywords;
  #head: MailboxRow;
  #dataVersion: number;
  /** What was there when `hasChanged` was asked last. */
  #announced: { readonly head: MailboxRow; readonly keywords: Keywords };

  constructor(work: Workplace, head: MailboxRow) {
    this.#work = work;
    this.#head = head;
    this.#keywords = this.#index.keywords.all(this.#id);
    this.#announced = { head, keywords: this.#keywords };
    this.#dataVersion = this.#index.db.dataVersion();
  }

  get #index(): Workplace['context']['index'] {
    return this.#work.context.index;
  }

  get #id(): number {
    return this.#work.folder.id;
  }

  /** The mailbox's numbers, as last read. */
  get head(): MailboxRow {
    return this.#head;
  }

  keywords(): readonly Flag[] {
    return this.#keywords.filter((name) => name !== undefined);
  }

  /** Runs `work` on one snapshot, of which the head is, too. */
  read<T>(work: () => T): T {
    return this.#index.db.read(() => {
      this.#readHead();
      return work();
    });
  }

  /**
   * Whether head or keywords became others since this was asked last, where another process has committed something. Every
   * reading renews the head: compared with the last one read, what somebody's reading came upon would never be announced.
   */
  hasChanged(): boolean {
    const version = this.#index.db.dataVersion();
    if (version === this.#dataVersion) return false;
    this.#dataVersion = version;
    const { head: before, keywords } = this.#announced;
    this.read(() => undefined);
    this.#announced = { head: this.#head, keywords: this.#keywords };
    const isSame = before.uidNext === this.#head.uidNext && before.highestModSeq === this.#head.highestModSeq;
    return !isSame || keywords !== this.#keywords;
  }

  uids(): Uint32Array {
    return this.read(() => this.#index.uids.all(this.#id));
  }

  state(uid: Uid): MessageState | undefined {
    const row = this.#index.states.state(this.#id, uid);
    return row === undefined ? undefined : this.#state(row);
  }

  *states(uids?: Iterable<Uid>): Iterable<MessageState> {
    for (const slice of this.#slices(uids)) yield* this.#statesOf(slice);
  }

  /** The same as an array, in slices between which the loop turns. */
  async allStates(uids: Iterable<Uid>): Promise<MessageState[]> {
    const states: MessageState[] = [];
    for (const slice of this.#slices(uids)) {
      if (states.length > 0) await nextTurn();
      for (const state of this.read(() => this.#statesOf(slice))) states.push(state);
    }
    return states;
  }

  async *records(uids?: Iterable<Uid>, signal?: AbortSignal): AsyncIterable<readonly MessageRecord[]> {
    signal?.throwIfAborted();
    for (const slice of this.#slices(uids)) {
      const rows = await detailedRows(this.#work, slice, signal);
      signal?.throwIfAborted();
      if (rows.length > 0) yield rows.map((row) => this.#record(row));
      await nextTurn();
      signal?.throwIfAborted();
    }
  }

  /** Of `uids` (of all messages when absent) those that carry \Deleted, ascending. */
  async deleted(uids?: readonly Uid[]): Promise<Uid[]> {
    const asked = uids === undefined ? undefined : new Set(uids);
    const all = this.uids();
    const marked: Uid[] = [];
    for (let at = 0; at < all.length; at += FLAGS_READ) {
      if (at > 0) await nextTurn();
      const some = all.subarray(at, at + FLAGS_READ);
      for (const uid of this.#index.states.flagged(this.#id, DELETED, some[0] ?? 0, some.at(-1) ?? 0)) {
        if (asked === undefined || asked.has(uid)) marked.push(uid);
      }
    }
    return marked;
  }

  changesSince(since: ModSeq, limit = Number.POSITIVE_INFINITY): MailboxChanges {
    return this.read(() => {
      const { highestModSeq } = this.#head;
      const isWhole = limit === Number.POSITIVE_INFINITY;
      const { changed, vanished, bound } = isWhole ? this.#allSince(since) : this.#someSince(since, Math.max(1, limit));
      return {
        changed: changed.map((row) => this.#state(row)),
        vanished: vanished.map(({ uid }) => uid),
        highestModSeq: toModSeq(Math.max(bound ?? highestModSeq, since)),
        complete: bound === undefined,
      };
    });
  }

  /** The same in pages, between which the loop turns; those of one modification sequence may be on several. */
  async *changes(since: ModSeq, signal?: AbortSignal): AsyncIterable<MailboxChanges> {
    let after: readonly Span['after'][] = [0, 1].map(() => ({ modSeq: since, uid: ALL_UIDS }));
    for (let isComplete = false; !isComplete; ) {
      signal?.throwIfAborted();
      const [changed, vanished, upTo] = this.read(() => this.#pageAfter(after));
      const isFull = [changed, vanished].map(({ length }) => length === CHANGES);
      after = after.map((before, at) => [changed, vanished][at]?.at(-1) ?? before);
      // More of the last one's modification sequence may follow.
      const told = after.map(({ modSeq }, at) => (isFull[at] ? modSeq - 1 : upTo));
      isComplete = !isFull.includes(true);
      yield {
        changed: [...changed].sort((a, b) => a.uid - b.uid),
        vanished: vanished.map(({ uid }) => uid).sort((a, b) => a - b),
        highestModSeq: toModSeq(Math.max(since, Math.min(...told))),
        complete: isComplete,
      };
      await nextTurn();
    }
  }

  #pageAfter([changed, vanished]: readonly Span['after'][]): [readonly MessageState[], readonly Expunged[], number] {
    const upTo = this.#head.highestModSeq;
    const nothing = { modSeq: upTo, uid: ALL_UIDS };
    return [
      this.changed({ after: changed ?? nothing, upTo }, ALL_UIDS).messages,
      this.vanished({ after: vanished ?? nothing, upTo }),
      upTo,
    ];
  }

  #allSince(since: number): Since {
    const { changes } = this.#index;
    return { changed: changes.changed(this.#id, since), vanished: changes.vanished(this.#id, since), bound: undefined };
  }

  /** All changes where there are at most `limit`, else those up to a modification sequence. */
  #someSince(since: number, limit: number): Since {
    const { changes } = this.#index;
    const span = { after: { modSeq: since, uid: ALL_UIDS }, upTo: this.#head.highestModSeq };
    const changed = changes.changedPage(this.#id, span, ALL_UIDS, limit + 1);
    const vanished = changes.vanishedPage(this.#id, span, limit + 1);
    const bound = boundOf([...changed, ...vanished], limit);
    if (bound === undefined) return { changed: changed.sort(byUid), vanished: vanished.sort(byUid), bound };
    const upTo = { ...span, upTo: bound };
    return { changed: changes.changedUpTo(this.#id, upTo), vanished: changes.vanishedUpTo(this.#id, upTo), bound };
  }

  /** The mailbox as it is now, for whoever reads its changes in pages. */
  moment(): Moment {
    return this.read(() => this.#moment());
  }

  arrived(range: { readonly first: number; readonly end: number; readonly since: number }, upTo: number): Arrivals {
    return this.read(() => {
      const { changes } = this.#index;
      const rows = changes.arrived(this.#id, range, CHANGES);
      const last = rows.length < CHANGES ? undefined : rows.at(-1)?.uid;
      const end = last === undefined ? range.end : last + 1;
      const missed = changes.vanishedIn(this.#id, { first: range.first, end, since: upTo });
      return { messages: rows.map((row) => this.#state(row)), end, missed, keywords: this.keywords() };
    });
  }

  changed(span: Span, end: number): Changes {
    return this.read(() => {
      const rows = this.#index.changes.changedPage(this.#id, span, end, CHANGES);
      return {
        messages: rows.map((row) => this.#state(row)),
        isLast: rows.length < CHANGES,
        keywords: this.keywords(),
      };
    });
  }

  vanished(span: Span): readonly Expunged[] {
    return this.read(() => this.#index.changes.vanishedPage(this.#id, span, CHANGES));
  }

  #moment(): Moment {
    return {
      keywords: this.keywords(),
      uidNext: this.#head.uidNext,
      highestModSeq: this.#head.highestModSeq,
    };
  }

  /** Ascending, each UID once. */
  *#slices(wanted: Iterable<Uid> | undefined): Iterable<Uint32Array> {
    const uids = wanted === undefined ? this.uids() : ascending(wanted);
    for (let at = 0; at < uids.length; at += ROWS) yield uids.subarray(at, at + ROWS);
  }

  #statesOf(slice: Uint32Array): MessageState[] {
    return this.#index.states.states(this.#id, slice).map((row) => this.#state(row));
  }

  #state(row: StateRow): MessageState {
    return { uid: row.uid, modSeq: toModSeq(row.modSeq), flags: this.#flags(row), recent: row.recent };
  }

  #record(row: MessageRow): MessageRecord {
    const { base: baseName, internalDate, saveDate, virtualSize: size } = row;
    const emailId = row.emailId ?? emailIdOf(baseName);
    return { ...this.#state(row), baseName, emailId, internalDate, saveDate, size };
  }

  /** Few combinations occur: records share their sets. */
  #flags(row: StateRow): ReadonlySet<Flag> {
    const key = `${row.mask} ${row.extra}`;
    const known = this.#flagSets.get(key);
    if (known !== undefined) return known;
    const flags = showFlags(row, this.#keywords);
    if (this.#flagSets.size >= FLAG_SETS) this.#flagSets.clear(); // many combinations: what is shared now is the next ones'
    this.#flagSets.set(key, flags);
    return flags;
  }

  /** Runs inside a snapshot: the numbers belong to what is read with them. */
  #readHead(): void {
    this.#head = this.#index.mailboxes.byId(this.#id) ?? this.#head;
    const keywords = this.#index.keywords.all(this.#id);
    if (keywords.join(' ') === this.#keywords.join(' ')) return;
    this.#keywords = keywords;
    this.#flagSets.clear();
  }
}

/** Changes after a modification sequence, ascending by UID; up to `bound` where those are not all. */
interface Since {
  readonly changed: readonly StateRow[];
  readonly vanished: readonly Expunged[];
  readonly bound: number | undefined;
}

const byUid = (a: { readonly uid: Uid }, b: { readonly uid: Uid }): number => a.uid - b.uid;

/** The modification sequence up to which there are at most `limit` changes, or the first one; undefined where all fit. */
function boundOf(changes: readonly { readonly modSeq: number }[], limit: number): number | undefined {
  if (changes.length <= limit) return undefined;
  const modSeqs = changes.map(({ modSeq }) => modSeq).sort((a, b) => a - b);
  const first = modSeqs[0];
  const beyond = modSeqs[limit]; // it may belong to a change of more messages than fit
  return modSeqs.findLast((modSeq) => beyond !== undefined && modSeq < beyond) ?? first;
}

/** Each UID once, ascending, which is how they mostly come. */
function ascending(uids: Iterable<Uid>): Uint32Array {
  const all = new Uint32Array(uids);
  const isSo = all.every((uid, at) => at === 0 || uid > (all[at - 1] ?? uid));
  return isSo ? all : new Uint32Array(new Set(all)).sort();
}
