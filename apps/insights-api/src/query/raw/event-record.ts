import type { EventRecord } from '@scorpiox/shared/contract';
import type { EventKey, StoredEvent } from '../../store/raw/raw-port.ts';

/** Microseconds since 1970 as ISO 8601 with all of them. */
export function isoMicros(time: number): string {
  const micros = String(time % 1000).padStart(3, '0');
  return new Date(Math.floor(time / 1000)).toISOString().replace('Z', `${micros}Z`);
}

/** The same read, or a plain number of microseconds; undefined where it is neither. */
export function readMicros(text: string): number | undefined {
  if (/^\d{1,16}$/.test(text)) return Number(text);
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/.exec(text);
  const seconds = Date.parse(`${match?.[1]}Z`);
  return match === null || Number.isNaN(seconds) ? undefined : seconds * 1000 + Number(match[2]);
}

/** An event as the API answers it. An application whose name is not known yet is named by its number. */
export function toRecord(event: StoredEvent, names: ReadonlyMap<number, string>): EventRecord {
  const { appId, time, hash, details } = event;
  return { app: names.get(appId) ?? String(appId), time: isoMicros(time), hash, ...details };
}

/** Where a page ended, as a caller hands it back. */
export const toCursor = ({ time, appId, hash }: EventKey): string => `${time}-${appId}-${hash}`;

export function readCursor(text: string): EventKey | undefined {
  const match = /^(\d{1,16})-(\d{1,10})-((?:[0-9a-f]{32})?)$/.exec(text);
  return match === null ? undefined : { time: Number(match[1]), appId: Number(match[2]), hash: match[3] ?? '' };
}
