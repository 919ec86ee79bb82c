/** A user's index: its tables over one connection, and who in this process wants to hear of changes. */

import { AdoptedUids } from './adopted.ts';
import { AdoptedKeywords } from './adopted-keywords.ts';
import { Changes } from './changes.ts';
import type { Connection } from './connection.ts';
import { FactTable } from './facts.ts';
import { Mailboxes } from './mailboxes.ts';
import { Messages } from './messages.ts';
import { MetadataTable } from './metadata.ts';
import { KeywordTable, RenderedTable } from './side-tables.ts';
import { States } from './states.ts';
import { UidRanges } from './uid-ranges.ts';

export class MailIndex {
  readonly db: Connection;
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly uids: UidRanges;
  readonly states: States;
  readonly changes: Changes;
  readonly adopted: AdoptedUids;
  readonly adoptedKeywords: AdoptedKeywords;
  readonly keywords: KeywordTable;
  readonly rendered: RenderedTable;
  readonly metadata: MetadataTable;
  readonly facts: FactTable;
  readonly #listeners = new Map<number, Set<() => void>>();

  constructor(db: Connection) {
    this.db = db;
    this.mailboxes = new Mailboxes(db);
    this.changes = new Changes(db);
    this.uids = new UidRanges(db);
    this.messages = new Messages(db, this.changes, this.uids);
    this.states = new States(db);
    this.adopted = new AdoptedUids(db);
    this.adoptedKeywords = new AdoptedKeywords(db);
    this.keywords = new KeywordTable(db);
    this.rendered = new RenderedTable(db);
    this.metadata = new MetadataTable(db);
    this.facts = new FactTable(db);
  }

  /** Calls `listener` after this process committed a change of the mailbox; returns the unsubscriber. */
  onCommit(mailbox: number, listener: () => void): () => void {
    const listeners = this.#listeners.get(mailbox) ?? new Set();
    this.#listeners.set(mailbox, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(mailbox);
    };
  }

  /** Tells the others in this process that a change of the mailbox was committed. */
  committed(mailbox: number): void {
    for (const listener of this.#listeners.get(mailbox) ?? []) listener();
  }
}
