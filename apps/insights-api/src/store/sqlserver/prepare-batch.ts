import type { IdentifiedEvent, Submission } from '../port.ts';
import { EVENT_COLUMNS, timeOf } from './event-columns.ts';

/** Bytes of an event's hash: the column holds exactly as many, and a server would fill up a shorter one with zeros. */
const HASH_BYTES = 16;

/** An event of the batch that is sent: the first with its identity. */
export interface PreparedEvent {
  /** Its identity as text, made by `keyOf`. */
  readonly key: string;
  /** Where it comes from: place of the submission in the batch, place of the event in the submission. */
  readonly submission: number;
  readonly index: number;
  /** The row as a JSON object. */
  readonly json: string;
}

/** Names events by their place: `place(submission, index)`. */
export const place = (submission: number, index: number): string => `${submission}/${index}`;

/** The identity of an event as one text. `hash` in hexadecimal digits in lower case. */
export const keyOf = (appId: number, time: number, hash: string): string => `${appId} ${time} ${hash}`;

/**
 * Makes the rows that are sent: each identity once, sorted as the unique index is, so that sessions take its locks in
 * one order and none meets itself. `without` names events (by `place`) that the server is known to refuse; an event
 * without a whole hash is always left out.
 */
export function prepareBatch(
  submissions: readonly Submission[],
  without: ReadonlySet<string> = new Set(),
): readonly PreparedEvent[] {
  const sortable = new Map<string, PreparedEvent & { readonly order: readonly [number, number, string] }>();
  for (const [number, { appId, receivedAt, events }] of submissions.entries()) {
    for (const [index, item] of events.entries()) {
      if (isUnkeyable(item) || without.has(place(number, index))) continue;
      const hash = Buffer.from(item.hash).toString('hex');
      const time = timeOf(item.event);
      const key = keyOf(appId, time, hash);
      if (sortable.has(key)) continue;
      const json = toJson(appId, receivedAt, hash, item);
      sortable.set(key, { key, submission: number, index, json, order: [appId, time, hash] });
    }
  }
  return [...sortable.values()]
    .toSorted((a, b) => compare(a.order, b.order))
    .map(({ key, submission, index, json }) => ({ key, submission, index, json }));
}

/** Whether an event has no hash of the right length, and so no identity. */
export const isUnkeyable = ({ hash }: IdentifiedEvent): boolean => hash.length !== HASH_BYTES;

type Order = readonly [number, number, string];

function compare(a: Order, b: Order): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) return a[1] - b[1];
  return a[2] < b[2] ? -1 : 1;
}

/** What is absent is left out: OPENJSON reads it as NULL. */
function toJson(appId: number, receivedAt: number, hash: string, { event }: IdentifiedEvent): string {
  const row: Record<string, unknown> = { app_id: appId, hash, received_at: receivedAt };
  for (const [name, , value] of EVENT_COLUMNS) row[name] = value(event);
  return JSON.stringify(row);
}

/** Cuts rows into runs of at most `rows` rows and about `characters` characters, at least one row each. */
export function cutIntoRuns(
  batch: readonly PreparedEvent[],
  limits: { readonly rows: number; readonly characters: number },
): readonly (readonly PreparedEvent[])[] {
  const runs: PreparedEvent[][] = [];
  let characters = 0;
  for (const event of batch) {
    characters += event.json.length;
    const run = runs.at(-1);
    if (run !== undefined && run.length < limits.rows && characters <= limits.characters) {
      run.push(event);
    } else {
      runs.push([event]);
      characters = event.json.length;
    }
  }
  return runs;
}
