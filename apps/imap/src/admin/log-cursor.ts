/** A place in the logs of several processes, as a text that passes through an address: `1b4e28ba.17-6fa459ea.204`. */
import type { LogCursor } from './operator.ts';

export const formatCursor = (cursor: LogCursor): string =>
  Object.entries(cursor)
    .map(([name, number]) => `${name}.${number}`)
    .join('-');

/** Undefined where it is none. */
export function parseCursor(text: string): LogCursor | undefined {
  const places = text === '' ? [] : text.split('-').map((place) => PLACE.exec(place));
  if (!places.every((place) => place !== null)) return undefined;
  return Object.fromEntries(places.map(([, name = '', number]) => [name, Number(number)]));
}

const PLACE = /^([0-9a-f]{8})\.(\d{1,15})$/;
