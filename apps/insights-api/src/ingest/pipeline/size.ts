import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import { EVENT_BYTES } from '../../limits.ts';

/**
 * About how many bytes an event takes by itself, on its way to the writer and in the database. Events of one item share
 * their texts here, but get copies of their own there.
 */
export function sizeOf(event: ParsedEvent): number {
  const { metric } = event;
  const point = metric === undefined ? 0 : JSON.stringify(metric).length;
  return EVENT_BYTES + textsIn(event) + textsIn(event.properties) + textsIn(event.measurements) + point;
}

function textsIn<T extends object>(map: T | undefined): number {
  let bytes = 0;
  // Every key is the map's own: events are made by this program, and JSON makes no prototypes.
  for (const key in map) {
    const value = map[key];
    bytes += key.length + (typeof value === 'string' ? Buffer.byteLength(value) : Float64Array.BYTES_PER_ELEMENT);
  }
  return bytes;
}
