/** A mailbox in memory, changed by the test: what a view sees of the store. */
import type { Flag, Mailbox, MailboxChanges, MessageRecord, StoreResult } from '@scorpiox/maildir';
import { parseMailboxName } from '@scorpiox/maildir';

type Uid = MessageRecord['uid'];

export class FakeMailbox implements Mailbox {
  readonly name: Mailbox['name'];
  // The brands are the store's promise that such numbers come from it; here the test is the store.
  readonly uidValidity = 7 as Mailbox['uidValidity'];
  refreshes: (() => void)[] = [];
  #modSeq = 1;
  #records: MessageRecord[] = [];
  #vanished: { uid: Uid; modSeq: number }[] = [];
  #next = 1;
  #listeners = new Set<() => void>();
  keywordsInUse: Flag[] = [];

  constructor() {
    const name = parseMailboxName('INBOX');
    if (!name.ok) throw new Error(name.error.message);
    this.name = name.value;
  }

  get uidNext(): number {
    return this.#next;
  }
  get highestModSeq(): Mailbox['highestModSeq'] {
    return this.#modSeq as Mailbox['highestModSeq'];
  }

  add(...flags: Flag[]): number {
    this.#modSeq += 1;
    const uid = this.#next as Uid;
    this.#next += 1;
    const modSeq = this.highestModSeq;
    const baseName = `m${uid}` as MessageRecord['baseName'];
    this.#records.push({ uid, modSeq, baseName, flags: new Set(flags), recent: true, internalDate: 0, size: 10 });
    return uid;
  }
  flag(uid: number, ...flags: Flag[]): MessageRecord {
    this.#modSeq += 1;
    const index = this.#records.findIndex((record) => record.uid === uid);
    const record = this.#records[index];
    if (record === undefined) throw new Error(`no message ${uid}`);
    const changed = { ...record, flags: new Set(flags), modSeq: this.highestModSeq };
    this.#records[index] = changed;
    return changed;
  }
  lose(uid: number): void {
    this.#modSeq += 1;
    this.#records = this.#records.filter((record) => record.uid !== uid);
    this.#vanished.push({ uid: uid as Uid, modSeq: this.#modSeq });
  }
  change(): void {
    for (const listener of this.#listeners) listener();
  }

  keywords(): readonly Flag[] {
    return this.keywordsInUse;
  }
  messages(): readonly MessageRecord[] {
    return [...this.#records];
  }
  changesSince(since: Mailbox['highestModSeq']): MailboxChanges {
    return {
      changed: this.#records.filter((record) => record.modSeq > since),
      vanished: this.#vanished.filter(({ modSeq }) => modSeq > since).map(({ uid }) => uid),
      highestModSeq: this.highestModSeq,
    };
  }
  /** Resolves when the test calls what it finds in `refreshes`. */
  refresh(): Promise<StoreResult<void>> {
    return new Promise((resolve) => {
      this.refreshes.push(() => resolve({ ok: true, value: undefined }));
    });
  }
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  claimRecent(): readonly Uid[] {
    const claimed = this.#records.filter(({ recent }) => recent).map(({ uid }) => uid);
    this.#records = this.#records.map((record) => ({ ...record, recent: false }));
    return claimed;
  }
  rendered(): undefined {
    return undefined;
  }
  keepRendered(): void {}
  async close(): Promise<void> {}

  open: Mailbox['open'] = unused;
  store = unused;
  append = unused;
  copy = unused;
  expunge = unused;
}

function unused(): never {
  throw new Error('A view does not call this.');
}
