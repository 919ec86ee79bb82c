import type { EventRecord } from '@scorpiox/shared/contract';

/** What finds an event again. */
export type EventAddress = Pick<EventRecord, 'app' | 'time' | 'hash'>;

/** An event's address as one word of the dashboard's own addresses: `<hash>.<time>.<app>`, in which only the app may have a dot after. */
export const printEventAddress = ({ app, time, hash }: EventAddress): string => `${hash}_${time}_${app}`;

const ADDRESS = /^([0-9a-f]{32})_(\d{4}-\d\d-\d\dT[0-9:.]+Z)_(.+)$/s;

/** Reads it; null where it is none. */
export function parseEventAddress(text: string | undefined): EventAddress | null {
  const [, hash, time, app] = ADDRESS.exec(text ?? '') ?? [];
  return hash === undefined || time === undefined || app === undefined ? null : { app, time, hash };
}

/** Where the API has an event. */
export const eventPath = ({ app, time, hash }: EventAddress): string =>
  `/api/events/${encodeURIComponent(app)}/${encodeURIComponent(time)}/${hash}`;
