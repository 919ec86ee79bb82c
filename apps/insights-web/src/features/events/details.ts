/** What the panel shows of an event, in groups and in order; what it does not say is absent. Pure. */
import type { EventRecord } from '@scorpiox/shared/contract';
import { formatCount, formatDuration } from '../../lib/format.ts';
import { COLUMNS } from './columns.ts';

/** A line of the panel. */
export interface Detail {
  /** The field's name in a query and as a column. */
  readonly column: string;
  readonly name: string;
  readonly text: string;
}

/** Shown apart from the rest. */
const APART: ReadonlySet<string> = new Set(['name', 'message', 'kind']);

/** As exact as it was sent, where the short spelling rounds. */
function exactDuration(ms: number): string {
  const exact = `${ms} ms`;
  const short = formatDuration(ms);
  return short === exact ? short : `${short} (${exact})`;
}

function textOf(event: EventRecord, column: string, text: string): string {
  if (column === 'duration' && event.durationMs !== undefined) return exactDuration(event.durationMs);
  if (column === 'value' && event.unit !== undefined) return `${text} ${event.unit}`;
  return text;
}

/** The fields, those that every event has first. */
export const fieldDetails = (event: EventRecord): Detail[] =>
  COLUMNS.flatMap(({ id, name, text }) => {
    const said = APART.has(id) || id === 'unit' || (id === 'count' && event.count === 1) ? '' : text(event);
    return said === '' ? [] : [{ column: id, name, text: textOf(event, id, said) }];
  });

export const propertyDetails = ({ properties = {} }: EventRecord): Detail[] =>
  Object.entries(properties).map(([key, text]) => ({ column: `properties.${key}`, name: key, text }));

export const measurementDetails = ({ measurements = {} }: EventRecord): Detail[] =>
  Object.entries(measurements).map(([key, value]) => ({
    column: `measurements.${key}`,
    name: key,
    text: Number.isInteger(value) ? formatCount(value) : String(value),
  }));

/** The whole event as JSON, for a paste into a report. */
export const eventJson = (event: EventRecord): string => JSON.stringify(event, null, 2);
