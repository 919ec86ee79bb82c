import type { EventRecord } from '@scorpiox/shared/contract';
import { FIELDS, type FieldName, type Place, parsePlace, printPlace } from '@scorpiox/shared/query-language';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';

/** A column of a list of events: a field of the query language, or what stands beside those. */
export interface Column {
  readonly name: string;
  readonly cell: (event: EventRecord) => string | number | boolean | null;
}

/** What stands in an event and cannot be asked for. */
const BESIDE: Readonly<Record<string, Column['cell']>> = {
  time: ({ time }) => time,
  received: ({ receivedAt }) => receivedAt,
  hash: ({ hash }) => hash,
};

/** Where an event has what the query language calls otherwise, or in a map. */
const PLACES: { readonly [F in FieldName]?: (event: EventRecord, key: string) => ReturnType<Column['cell']> } = {
  duration: ({ durationMs }) => durationMs ?? null,
  status: ({ code }) => code ?? null,
  operation: ({ operationId }) => operationId ?? null,
  parent: ({ parentId }) => parentId ?? null,
  properties: ({ properties }, key) => properties?.[key] ?? null,
  measurements: ({ measurements }, key) => measurements?.[key] ?? null,
};

/** Where nobody names columns. */
const USUAL = 'time,app,kind,name,duration,status,message';

/** Columns by their names, divided by commas: `time,app,properties.tenant`. */
export function parseColumns(text = USUAL): Result<readonly Column[], Failure> {
  const columns: Column[] = [];
  for (const name of text.split(',').map((one) => one.trim())) {
    const column = columnOf(name);
    if (column === undefined) return err({ kind: 'usage', message: strangerTo(name) });
    if (!columns.some((one) => one.name === column.name)) columns.push(column);
  }
  return ok(columns);
}

function columnOf(name: string): Column | undefined {
  const beside = BESIDE[name.toLowerCase()];
  if (beside !== undefined) return { name: name.toLowerCase(), cell: beside };
  const place = parsePlace(name);
  return place === undefined || isWholeMap(place) ? undefined : { name: printPlace(place), cell: cellOf(place) };
}

const isWholeMap = ({ field, key }: Place): boolean =>
  key === undefined && (field === 'properties' || field === 'measurements');

function cellOf({ field, key = '' }: Place): Column['cell'] {
  const read = PLACES[field];
  if (read !== undefined) return (event) => read(event, key);
  return (event) => {
    // A field that is named as in the record.
    const value = Object.entries(event).find(([name]) => name === field)?.[1];
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  };
}

function strangerTo(name: string): string {
  const known = [
    ...Object.keys(BESIDE),
    ...FIELDS.map((field) => (isMap(field.name) ? `${field.name}.KEY` : field.name)),
  ];
  return `There is no column ${name}: ${known.join(', ')}.`;
}

const isMap = (field: FieldName): boolean => field === 'properties' || field === 'measurements';
