/**
 * A mailbox that is open in this process, shared by every session that has it selected. The hub looks at the disk on
 * their behalf, one look at a time, and holds the messages' records for all of them, so that a FETCH of a hundred
 * thousand messages asks the index once and not once per message and session.
 */
import type { Mailbox, MessageRecord, StoreResult } from '@scorpiox/maildir';
import { STRUCTURES } from '../limits.ts';
import type { MessageStructure } from '../message/structure.ts';
import { firstPlace } from './binary-search.ts';
import { RecentlyUsed } from './recently-used.ts';

export class Hub {
  readonly mailbox: Mailbox;
  /** Structures of messages that were parsed lately. A UID's content never changes (RFC 3501 §2.3.1.1). */
  readonly structures = new RecentlyUsed<number, MessageStructure>(STRUCTURES);
  #records: MessageRecord[];
  #modSeq: Mailbox['highestModSeq'];
  #running: Promise<StoreResult<void>> | undefined;
  #queued: Promise<StoreResult<void>> | undefined;

  constructor(mailbox: Mailbox) {
    this.mailbox = mailbox;
    this.#modSeq = mailbox.highestModSeq;
    this.#records = [...mailbox.messages()];
    this.update(); // the two above were read one after the other
  }

  /**
   * Resolves when the index is as true as the disk was at this call. A look that has begun already may have passed the
   * place where something changed since, so a call during a look waits for the next one, which all such calls share.
   */
  refresh(): Promise<StoreResult<void>> {
    const running = this.#running;
    if (running === undefined) return this.#look();
    this.#queued ??= this.#lookAfter(running);
    return this.#queued;
  }

  /** Takes in what the index has by now. */
  update(): void {
    const { changed, vanished, highestModSeq } = this.mailbox.changesSince(this.#modSeq);
    this.#modSeq = highestModSeq;
    for (const record of changed) this.#put(record);
    if (vanished.length === 0) return;
    const gone = new Set<number>(vanished);
    this.#records = this.#records.filter((record) => !gone.has(record.uid));
  }

  /** All messages at the last `update`, ascending by UID. */
  get records(): readonly MessageRecord[] {
    return this.#records;
  }

  /** Up to which change `records` are true. */
  get modSeq(): Mailbox['highestModSeq'] {
    return this.#modSeq;
  }

  /** A message at the last `update`, or undefined when it is gone. */
  record(uid: number): MessageRecord | undefined {
    const record = this.#records[this.#placeOf(uid)];
    return record?.uid === uid ? record : undefined;
  }

  /** Takes \Recent away from all messages for one session, and returns which had it. */
  claimRecent(): readonly number[] {
    const claimed = new Set<number>(this.mailbox.claimRecent());
    if (claimed.size > 0) this.#clearRecent(({ uid }) => claimed.has(uid));
    return [...claimed];
  }

  /**
   * The messages that are \Recent and stay so. Other processes claim them without leaving a change behind, so the index
   * is asked; but not where no record was recent, because a message never becomes so later.
   */
  unclaimed(): readonly number[] {
    if (!this.#records.some(({ recent }) => recent)) return [];
    const left = this.mailbox.messages().flatMap(({ uid, recent }) => (recent ? [uid] : []));
    const recent = new Set<number>(left);
    this.#clearRecent(({ uid }) => !recent.has(uid));
    return left;
  }

  #clearRecent(isClaimed: (record: MessageRecord) => boolean): void {
    this.#records = this.#records.map((record) =>
      record.recent && isClaimed(record) ? { ...record, recent: false } : record,
    );
  }

  #put(record: MessageRecord): void {
    const last = this.#records.at(-1);
    if (last === undefined || record.uid > last.uid) this.#records.push(record);
    else if (this.record(record.uid) !== undefined) this.#records[this.#placeOf(record.uid)] = record;
  }

  /** The place of the first record with at least this UID. */
  #placeOf(uid: number): number {
    const records = this.#records;
    return firstPlace(records.length, (place) => (records[place]?.uid ?? Number.POSITIVE_INFINITY) < uid);
  }

  #lookAfter(running: Promise<unknown>): Promise<StoreResult<void>> {
    const look = () => {
      this.#queued = undefined;
      return this.#look();
    };
    return running.then(look, look);
  }

  #look(): Promise<StoreResult<void>> {
    const running = this.mailbox.refresh().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
