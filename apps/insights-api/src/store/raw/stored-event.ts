import type { EventRecord } from '@scorpiox/shared/contract';
import { LISTED_CHARACTERS, LISTED_MESSAGE } from '../../query/raw/limits.ts';
import type { StoredEvent } from './raw-port.ts';

/** Columns of an event that are as they are in every list. */
export const PLAIN_COLUMNS = [
  ...['app_id', 'time', 'hash', 'kind', 'name', 'id', 'weight', 'duration_us', 'success', 'code', 'operation_id'],
  ...['parent_id', 'trace_id', 'span_id', 'severity', 'value', 'unit', 'user', 'session', 'instance', 'version'],
  'received_at',
] as const;

/** Those that may be long. */
export const LONG_COLUMNS = ['message', 'properties', 'measurements'] as const;

/** A row by column names, as any of the databases gives it: numbers may be texts, bytes a Buffer. */
type Row = Readonly<Record<string, unknown>>;

/**
 * The event of a row. Lists ask for a message of LISTED_MESSAGE + 1 characters, and for maps up to LISTED_CHARACTERS
 * with their length beside them (`properties_length`), so that what is cut is seen.
 */
export function toStoredEvent(row: Row): StoredEvent {
  const hash = row.hash;
  if (!(hash instanceof Uint8Array)) throw new TypeError('an event has a hash');
  return {
    appId: Number(row.app_id),
    time: Number(row.time),
    hash: Buffer.from(hash).toString('hex'),
    details: {
      // Written from a ParsedEvent only, whose kinds and severities these are.
      kind: row.kind as EventRecord['kind'],
      name: String(row.name),
      ...texts(row),
      ...numbers(row),
      ...(row.success === null ? {} : { success: Number(row.success) === 1 }),
      ...(row.severity === null ? {} : { severity: row.severity as NonNullable<EventRecord['severity']> }),
      ...longs(row),
      count: Number(row.weight),
      receivedAt: new Date(Number(row.received_at)).toISOString(),
    },
  };
}

const TEXTS = {
  id: 'id',
  operation_id: 'operationId',
  parent_id: 'parentId',
  trace_id: 'traceId',
  span_id: 'spanId',
  code: 'code',
  unit: 'unit',
  user: 'user',
  session: 'session',
  instance: 'instance',
  version: 'version',
} as const;

function texts(row: Row): Partial<Record<(typeof TEXTS)[keyof typeof TEXTS], string>> {
  return Object.fromEntries(
    Object.entries(TEXTS).flatMap(([column, field]) => (row[column] === null ? [] : [[field, String(row[column])]])),
  );
}

function numbers({ duration_us, value }: Row): Pick<EventRecord, 'durationMs' | 'value'> {
  return {
    ...(duration_us === null ? {} : { durationMs: Number(duration_us) / 1000 }),
    ...(value === null ? {} : { value: Number(value) }),
  };
}

function longs(row: Row): Pick<EventRecord, 'message' | 'properties' | 'measurements' | 'cut'> {
  const { message, properties, measurements } = row;
  const isListed = row.properties_length !== undefined;
  const isCut =
    isListed &&
    ((typeof message === 'string' && message.length > LISTED_MESSAGE) ||
      Number(row.properties_length ?? 0) > LISTED_CHARACTERS ||
      Number(row.measurements_length ?? 0) > LISTED_CHARACTERS);
  return {
    ...(typeof message === 'string'
      ? { message: isListed ? message.slice(0, LISTED_MESSAGE).toWellFormed() : message }
      : {}),
    // Written by JSON.stringify of such a map.
    ...(typeof properties === 'string' ? { properties: JSON.parse(properties) } : {}),
    ...(typeof measurements === 'string' ? { measurements: JSON.parse(measurements) } : {}),
    ...(isCut ? { cut: true } : {}),
  };
}
