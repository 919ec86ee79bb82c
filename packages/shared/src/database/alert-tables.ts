/*
 * What alerts leave behind
 *
 * Rules, the states that are not ok, what happened, and messages with how their delivery went. Bodies are JSON whose shape
 * is the API's business (../contract/alerts.ts); what is asked by stands in columns of its own.
 *
 * One process at a time evaluates: the one that holds the lease. It may be held up for longer than the lease lasts, and
 * clocks of two hosts differ, so `commit` looks at the lease in its own transaction, with the row locked: who has lost it
 * changes nothing. State, history and messages go in together, so a message is there exactly when its state is.
 */

/** A row with a body. */
export interface AlertDocument {
  /** A UUID, or a UUID, a blank and hexadecimal digits: 64 characters at most. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

/** Something that happened: kept for a time, newest first. */
export interface AlertEntry extends AlertDocument {
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A message to one recipient. */
export interface AlertDelivery extends AlertEntry {
  /** When it is to be tried, milliseconds since 1970; absent once it is delivered or given up. */
  readonly dueAt?: number;
}

/** What one evaluation changes, at once. */
export interface AlertChange {
  /** Who must hold the lease for it; absent: nobody need. */
  readonly holder?: string;
  /** States by id; without a body: ok, which is not kept. */
  readonly states: readonly { readonly id: string; readonly body?: string }[];
  readonly history: readonly AlertEntry[];
  /** New ones, and known ones (by id) with what became of them. */
  readonly deliveries: readonly AlertDelivery[];
}

/** Where to go on in a list that is newest first. */
export interface AlertCursor {
  readonly at: number;
  readonly id: string;
}

/** The tables of alerts. Methods reject only when the database itself fails. */
export interface AlertTables {
  /** All rules by id; at: when they were last changed. */
  rules(): Promise<readonly AlertEntry[]>;
  putRule(rule: AlertEntry): Promise<void>;
  /** Forgets a rule and its states; false where there is none. */
  removeRule(id: string): Promise<boolean>;
  states(): Promise<readonly AlertDocument[]>;
  /** Takes the lease, or keeps it, for so many milliseconds; false while another holds it. */
  takeLease(holder: string, ttlMs: number): Promise<boolean>;
  /** Lets the lease go, so that the next need not wait for its end. */
  dropLease(holder: string): Promise<void>;
  /** False where the lease is not the holder's: then nothing is changed. */
  commit(change: AlertChange): Promise<boolean>;
  /** Newest first, those before the cursor. */
  history(limit: number, before?: AlertCursor): Promise<readonly AlertEntry[]>;
  /** Newest first. */
  deliveries(limit: number): Promise<readonly AlertDelivery[]>;
  /** Those that are to be tried by now, the longest due first. */
  dueDeliveries(limit: number): Promise<readonly AlertDelivery[]>;
  /** Forgets what happened, and messages that are done, before these moments. */
  forget(before: { readonly history: number; readonly deliveries: number }): Promise<void>;
}
