/** What of an event can be a column of the result, by the names that the query language has for it. Pure. */
import type { EventRecord } from '@scorpiox/shared/contract';
import { KIND_NAMES, SEVERITY_NAMES } from '../../lib/event-words.ts';
import { formatCount, formatDuration } from '../../lib/format.ts';

export interface EventColumn {
  /** The field's name in a query, with its key where it has one: `properties.tenant`. */
  readonly id: string;
  readonly name: string;
  /** Its width in rem; the column without takes what is left. */
  readonly width: number | null;
  readonly align: 'left' | 'right';
  /** What stands in the cell; empty where the event says nothing of it. */
  readonly text: (event: EventRecord) => string;
}

const column = (
  id: string,
  name: string,
  width: number | null,
  text: (event: EventRecord) => string | undefined,
  align: 'left' | 'right' = 'left',
): EventColumn => ({ id, name, width, align, text: (event) => text(event) ?? '' });

const OUTCOMES = new Map([
  [true, 'yes'],
  [false, 'no'],
]);

/** The columns that one can choose by name; `properties.KEY` and `measurements.KEY` come on top. */
export const COLUMNS: readonly EventColumn[] = [
  column('app', 'Application', 11, (event) => event.app),
  column('kind', 'Kind', 6.5, (event) => KIND_NAMES[event.kind]),
  column('name', 'Event', null, (event) => event.name),
  column(
    'duration',
    'Duration',
    6,
    ({ durationMs }) => (durationMs === undefined ? '' : formatDuration(durationMs)),
    'right',
  ),
  column('status', 'Status', 5.5, (event) => event.code),
  column('success', 'Success', 5, ({ success }) => (success === undefined ? '' : OUTCOMES.get(success))),
  column('severity', 'Severity', 6, ({ severity }) => severity && SEVERITY_NAMES[severity]),
  column('message', 'Message', 20, (event) => event.message),
  column('user', 'User', 9, (event) => event.user),
  column('session', 'Session', 9, (event) => event.session),
  column('operation', 'Operation', 10, (event) => event.operationId ?? event.traceId),
  column('id', 'Id', 10, (event) => event.id),
  column('parent', 'Parent', 10, (event) => event.parentId),
  column('instance', 'Instance', 9, (event) => event.instance),
  column('version', 'Version', 6, (event) => event.version),
  column('value', 'Value', 7, ({ value }) => (value === undefined ? '' : String(value)), 'right'),
  column('unit', 'Unit', 5, (event) => event.unit),
  column('count', 'Count', 5, (event) => formatCount(event.count), 'right'),
];

export const DEFAULT_COLUMNS: readonly string[] = ['app', 'kind', 'name', 'duration', 'status'];

const MOST_COLUMNS = 30;

const keyed = (map: 'properties' | 'measurements', key: string): EventColumn =>
  column(
    `${map}.${key}`,
    key,
    9,
    (event) => {
      const value = event[map]?.[key];
      return value === undefined ? '' : String(value);
    },
    map === 'measurements' ? 'right' : 'left',
  );

const BY_ID = new Map(COLUMNS.map((one) => [one.id, one]));
const KEYED = /^(properties|measurements)\.(.+)$/s;

/** The column of a name; undefined where there is none. */
export function columnOf(id: string): EventColumn | undefined {
  const [, map, key] = KEYED.exec(id) ?? [];
  if (key !== undefined && (map === 'properties' || map === 'measurements')) return keyed(map, key);
  return BY_ID.get(id);
}

/** Reads the `columns` of an address: names with commas between them, a comma in a name with a backslash before it. */
export function parseColumns(text: string | undefined): readonly string[] {
  if (text === undefined) return DEFAULT_COLUMNS;
  const names = [...text.matchAll(/(?:[^\\,]|\\.)+/gs)].map(([name]) => name.replace(/\\(.)/gs, '$1'));
  const known = [...new Set(names)].filter((name) => columnOf(name) !== undefined).slice(0, MOST_COLUMNS);
  return known.length === 0 ? DEFAULT_COLUMNS : known;
}

/** The `columns` of an address; undefined for those that are shown without. */
export function printColumns(ids: readonly string[]): string | undefined {
  const text = ids.map((id) => id.replace(/[\\,]/g, '\\$&')).join(',');
  return text === DEFAULT_COLUMNS.join(',') || text === '' ? undefined : text;
}

/** Puts a column in or takes it out: what the list knows stands in the list's order, keys behind it. */
export function toggleColumn(ids: readonly string[], id: string): string[] {
  if (ids.includes(id)) return ids.filter((one) => one !== id);
  const order = COLUMNS.map((one) => one.id);
  const place = (one: string): number => (order.includes(one) ? order.indexOf(one) : order.length);
  return [...ids, id].toSorted((a, b) => place(a) - place(b));
}
