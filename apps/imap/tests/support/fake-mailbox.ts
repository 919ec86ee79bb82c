/** A mailbox in memory, changed by the test: what a view sees of the store. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Flag, Mailbox, MailboxChanges, MessageRecord, MessageState, StoreResult } from '@scorpiox/maildir';
import { parseMailboxName } from '@scorpiox/maildir';

type Uid = MessageRecord['uid'];

export class FakeMailbox implements Mailbox {
  readonly name: Mailbox['name'];
  // The brands are the store's promise that such numbers come from it; here the test is the store.
  readonly mailboxId = 'fake' as Mailbox['mailboxId'];
  readonly historyFrom = 0 as Mailbox['historyFrom'];
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
    const emailId = `e${uid}` as MessageRecord['emailId'];
    const content = { baseName, emailId, internalDate: 0, saveDate: 0, size: 10 };
    this.#records.push({ uid, modSeq, flags: new Set(flags), recent: true, ...content });
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
  uids(): Uint32Array {
    return Uint32Array.from(this.#records, ({ uid }) => uid);
  }
  state(uid: Uid): MessageState | undefined {
    return this.#records.find((record) => record.uid === uid);
  }
  states(uids: Iterable<Uid> = this.#all()): MessageState[] {
    const asked = new Set(uids);
    return this.#records.filter(({ uid }) => asked.has(uid));
  }
  async *records(uids: Iterable<Uid> = this.#all()): AsyncGenerator<readonly MessageRecord[], void, void> {
    const asked = new Set(uids);
    yield this.#records.filter(({ uid }) => asked.has(uid));
  }
  firstUnseen(): Uid | undefined {
    return this.#records.find(({ flags }) => !flags.has('\\Seen'))?.uid;
  }
  recent(): readonly Uid[] {
    return this.#records.flatMap(({ uid, recent }) => (recent ? [uid] : []));
  }
  changesSince(since: Mailbox['highestModSeq'], limit = Number.POSITIVE_INFINITY): MailboxChanges {
    const modSeqs = [...this.#records, ...this.#vanished]
      .map(({ modSeq }) => modSeq)
      .filter((modSeq) => modSeq > since);
    const bound = modSeqs.length > limit ? modSeqs.sort((a, b) => a - b)[limit - 1] : undefined;
    const isIn = ({ modSeq }: { modSeq: number }) => modSeq > since && modSeq <= (bound ?? this.#modSeq);
    return {
      changed: this.#records.filter(isIn),
      vanished: this.#vanished.filter(isIn).map(({ uid }) => uid),
      highestModSeq: (bound ?? this.#modSeq) as Mailbox['highestModSeq'],
      complete: bound === undefined,
    };
  }
  async *changes(since: Mailbox['highestModSeq']): AsyncGenerator<MailboxChanges, void, void> {
    for (let at = since, isLast = false; !isLast; ) {
      const page = this.changesSince(at, 1000);
      yield page;
      await nextTurn();
      [at, isLast] = [page.highestModSeq, page.complete];
    }
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
  renderedTexts(): ReadonlyMap<Uid, string> {
    return new Map();
  }
  keepRendered(): void {}
  async close(): Promise<void> {}

  open: Mailbox['open'] = unused;
  store = unused;
  append = unused;
  copy = unused;
  move = unused;
  expunge = unused;
  findText = unused;
  events = unused;

  #all(): Uid[] {
    return this.#records.map(({ uid }) => uid);
  }
}

function unused(): never {
  throw new Error('A view does not call this.');
}
