import type { Cell } from '@scorpiox/shared/database/sqlserver';
import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import { timeOf } from '../deleted-span.ts';
import type { IdentifiedEvent, Submission } from '../port.ts';
import { EVENT_COLUMNS } from './event-columns.ts';

/** Bytes of an event's hash: the column holds exactly as many, and a server would fill up a shorter one with zeros. */
const HASH_BYTES = 16;

/** An event of the batch that is sent: the first with its identity. */
export interface PreparedEvent {
  /** Its identity as text, made by `keyOf`. */
  readonly key: string;
  /** Where it comes from: place of the submission in the batch, place of the event in the submission. */
  readonly submission: number;
  readonly index: number;
  readonly row: EventRow;
}

/** A row of the table of events. */
export interface EventRow {
  readonly appId: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** In hexadecimal digits in lower case. */
  readonly hash: string;
  readonly event: ParsedEvent;
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
      const row = { appId, receivedAt, hash, event: item.event };
      sortable.set(key, { key, submission: number, index, row, order: [appId, time, hash] });
    }
  }
  return [...sortable.values()]
    .toSorted((a, b) => compare(a.order, b.order))
    .map(({ key, submission, index, row }) => ({ key, submission, index, row }));
}

/** Whether an event has no hash of the right length, and so no identity. */
export const isUnkeyable = ({ hash }: IdentifiedEvent): boolean => hash.length !== HASH_BYTES;

type Order = readonly [number, number, string];

function compare(a: Order, b: Order): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) return a[1] - b[1];
  return a[2] < b[2] ? -1 : 1;
}

/** The row as a JSON object. What is absent is left out: OPENJSON reads it as NULL. */
export function toJson({ appId, receivedAt, hash, event }: EventRow): string {
  const row: Record<string, unknown> = { app_id: appId, hash, received_at: receivedAt };
  for (const [name, , value] of EVENT_COLUMNS) row[name] = value(event);
  return JSON.stringify(row);
}

/** The row for a bulk load, in the order of the columns of the statement. */
export function toCells({ appId, receivedAt, hash, event }: EventRow): Cell[] {
  return [appId, Buffer.from(hash, 'hex'), receivedAt, ...EVENT_COLUMNS.map(([, , value]) => value(event) ?? null)];
}

/** Cuts JSON texts into runs of at most `rows` of them and about `characters` characters, at least one text each. */
export function cutIntoRuns(
  texts: readonly string[],
  limits: { readonly rows: number; readonly characters: number },
): readonly (readonly string[])[] {
  const runs: string[][] = [];
  let characters = 0;
  for (const text of texts) {
    characters += text.length;
    const run = runs.at(-1);
    if (run !== undefined && run.length < limits.rows && characters <= limits.characters) {
      run.push(text);
    } else {
      runs.push([text]);
      characters = text.length;
    }
  }
  return runs;
}
