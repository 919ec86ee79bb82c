/** A saved view of events as it is stored: what it shows is the business of whoever made it. */
export interface ViewRecord {
  readonly id: string;
  /** Whoever saved it first. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
  /** JSON. */
  readonly body: string;
}
