import type { DatabaseSync } from 'node:sqlite';
import type { Place } from '@scorpiox/shared/query-language';
import { LISTED_CHARACTERS, LISTED_MESSAGE, PAGE_BYTES, VALUE_CHARACTERS } from '../../../query/raw/limits.ts';
import { columnOf, EVENT, failureCondition, toCondition } from '../../raw/predicate.ts';
import type {
  Edge,
  EventKey,
  OperationPart,
  Order,
  Page,
  Slice,
  StoredEvent,
  Tally,
  Values,
} from '../../raw/raw-port.ts';
import { LONG_COLUMNS, PLAIN_COLUMNS, toStoredEvent } from '../../raw/stored-event.ts';
import { SqliteDialect } from './dialect.ts';
import type { RawCalls } from './raw-protocol.ts';

const WHOLE = [...PLAIN_COLUMNS, ...LONG_COLUMNS].map((name) => `${EVENT}.${name}`).join(', ');
const map = (name: string) =>
  `CASE WHEN length(${EVENT}.${name}) <= ${LISTED_CHARACTERS} THEN ${EVENT}.${name} END AS ${name}, length(${EVENT}.${name}) AS ${name}_length`;
const LISTED = [
  ...PLAIN_COLUMNS.map((name) => `${EVENT}.${name}`),
  `substr(${EVENT}.message, 1, ${LISTED_MESSAGE + 1}) AS message`,
  map('properties'),
  map('measurements'),
].join(', ');

/** What differs between the orders: how a row compares that comes after another, and one that does not come after the end. */
const ORDERS = {
  newest: { after: '<', upTo: '>=', within: 'time >= @limit', way: 'DESC' },
  oldest: { after: '>', upTo: '<=', within: 'time < @limit', way: 'ASC' },
} as const;

/** The event that is `rows` events after the slice's beginning: a walk along the key, which reads no columns. */
export const endText = (order: Order): string => {
  const { after, within, way } = ORDERS[order];
  return `SELECT time, hash FROM events WHERE app_id = @app AND ${within} AND (time, hash) ${after} (@time, @hash)
  ORDER BY time ${way}, hash ${way} LIMIT 1 OFFSET @skip`;
};

const inSliceText = (order: Order): string => {
  const { after, upTo } = ORDERS[order];
  return `FROM events AS ${EVENT} WHERE ${EVENT}.app_id = @app AND (${EVENT}.time, ${EVENT}.hash) ${after} (@time, @hash)
  AND (${EVENT}.time, ${EVENT}.hash) ${upTo} (@endTime, @endHash)`;
};

const orderText = (order: Order): string =>
  `ORDER BY ${EVENT}.time ${ORDERS[order].way}, ${EVENT}.hash ${ORDERS[order].way}`;

/**
 * A look into the index for each minute, all in one statement. The index's own expressions, word for word, and a minute
 * without a type (the plus takes it), or SQLite would read the whole index for each of them.
 */
export const OPERATION = `WITH RECURSIVE minutes (minute) AS (
    SELECT CAST(@fromMinute AS INTEGER) UNION ALL SELECT minute + 1 FROM minutes WHERE minute + 1 < @toMinute)
  SELECT ${LISTED} FROM minutes CROSS JOIN events AS ${EVENT} INDEXED BY events_by_operation
  WHERE ${EVENT}.time / 60000000 = +minutes.minute AND substr(${EVENT}.operation_id, -16) = substr(@operationId, -16)
    AND ${EVENT}.operation_id = @operationId
  ORDER BY ${EVENT}.time, ${EVENT}.app_id, ${EVENT}.hash LIMIT @most`;
const FIND = `SELECT ${WHOLE} FROM events AS ${EVENT} WHERE ${EVENT}.app_id = @app AND ${EVENT}.time = @time AND ${EVENT}.hash = @hash`;

/** Makes what answers raw questions on a connection. */
export function makeRawReader(db: DatabaseSync): Omit<RawCalls, 'close'> {
  const both = <T>(make: (order: Order) => T): { readonly [O in Order]: T } => ({
    newest: make('newest'),
    oldest: make('oldest'),
  });
  const selectEnd = both((order) => db.prepare(endText(order)));
  const countTo = both((order) => db.prepare(`SELECT count(*) AS count ${inSliceText(order)}`));
  const selectOperation = db.prepare(OPERATION);
  const selectEvent = db.prepare(FIND);

  /** Where a slice ends: with its last row if there are as many, else with the span. */
  const endOf = ({ appId, order, edge, limit, rows }: Slice): Edge | undefined => {
    const row = selectEnd[order].get({ app: appId, limit, ...begin(edge), skip: rows - 1 });
    return row === undefined ? undefined : toEdge(row);
  };
  const inSlice = ({ appId, edge, limit }: Slice, end: Edge = { time: limit, hash: '' }) => ({
    app: appId,
    ...begin(edge),
    ...endAt(end),
  });
  const scannedOf = (slice: Slice, end?: Edge): number =>
    Number(countTo[slice.order].get(inSlice(slice, end))?.count ?? 0);
  const ended = (slice: Slice, end: Edge | undefined) =>
    end === undefined ? { scanned: scannedOf(slice) } : { end, scanned: slice.rows };

  return {
    page({ slice, shape: { most, whole } }): Page {
      const end = endOf(slice);
      const dialect = new SqliteDialect();
      const condition = toCondition(slice.query, dialect);
      const select = db.prepare(
        `SELECT ${whole ? WHOLE : LISTED} ${inSliceText(slice.order)} AND ${condition} ${orderText(slice.order)} LIMIT @most`,
      );
      const events: StoredEvent[] = [];
      let bytes = 0;
      for (const row of select.iterate({ ...inSlice(slice, end), ...dialect.parameters, most })) {
        events.push(toStoredEvent(row));
        bytes += sizeOf(row);
        const last = events.at(-1);
        if (last === undefined || (events.length < most && bytes < PAGE_BYTES)) continue;
        return { events, end: { time: last.time, hash: last.hash }, scanned: scannedOf(slice, last) };
      }
      return { events, ...ended(slice, end) };
    },
    tally({ slice, steps: { start, size } }): Tally {
      const end = endOf(slice);
      const dialect = new SqliteDialect();
      const condition = toCondition(slice.query, dialect);
      const select = db.prepare(`SELECT CAST((${EVENT}.time - @start) / @size AS INTEGER) AS step, sum(weight) AS count,
        sum(weight * (${failureCondition(dialect)})) AS failures ${inSliceText(slice.order)} AND ${condition} GROUP BY step`);
      const rows = select.all({ ...inSlice(slice, end), ...dialect.parameters, start, size });
      const steps = rows.map(({ step, count, failures }) => ({
        step: Number(step),
        count: Number(count),
        failures: Number(failures),
      }));
      return { steps, ...ended(slice, end) };
    },
    values({ slice, place }): Values {
      const end = endOf(slice);
      const dialect = new SqliteDialect();
      const condition = toCondition(slice.query, dialect);
      const parameters = { ...inSlice(slice, end), ...dialect.parameters };
      const select = db.prepare(`SELECT value, count(*) AS count FROM (${valuesOf(place, condition, slice.order)})
        WHERE value IS NOT NULL GROUP BY value`);
      const rows = select.all({ ...parameters, ...(place.key === undefined ? {} : { key: place.key }) });
      const count = db
        .prepare(`SELECT count(*) AS count ${inSliceText(slice.order)} AND ${condition}`)
        .get(parameters)?.count;
      const values = rows.map(({ value, count: times }) => ({ value: String(value), count: Number(times) }));
      return { values, events: Number(count), ...ended(slice, end) };
    },
    find({ appId, time, hash }: EventKey): StoredEvent | undefined {
      const row = selectEvent.get({ app: appId, time, hash: Buffer.from(hash, 'hex') });
      return row === undefined ? undefined : toStoredEvent(row);
    },
    operation({ operationId, fromMinute, toMinute, most }: OperationPart): readonly StoredEvent[] {
      return selectOperation.all({ operationId, fromMinute, toMinute, most }).map(toStoredEvent);
    },
  };
}

/** Values of a field, or of keys, in the rows of a slice. */
function valuesOf(place: Place, condition: string, order: Order): string {
  const inSlice = inSliceText(order);
  const column = `${EVENT}.${columnOf(place)}`;
  const cut = (value: string) => `substr(${value}, 1, ${VALUE_CHARACTERS}) AS value`;
  if (place.field !== 'properties' && place.field !== 'measurements') {
    return `SELECT ${cut(column)} ${inSlice} AND ${condition}`;
  }
  const from = inSlice.replace(`AS ${EVENT} WHERE`, `AS ${EVENT}, json_each(${column}) AS j WHERE`);
  if (place.key === undefined) return `SELECT ${cut('j.key')} ${from} AND ${condition}`;
  return `SELECT ${cut('j.atom')} ${from} AND ${condition} AND j.key = @key`;
}

const bytesOf = (hash: string): Uint8Array => Buffer.from(hash, 'hex');
const begin = ({ time, hash }: Edge) => ({ time, hash: bytesOf(hash) });
const endAt = ({ time, hash }: Edge) => ({ endTime: time, endHash: bytesOf(hash) });

function toEdge({ time, hash }: Readonly<Record<string, unknown>>): Edge {
  if (!(hash instanceof Uint8Array)) throw new TypeError('an event has a hash');
  return { time: Number(time), hash: Buffer.from(hash).toString('hex') };
}

/** About what a row takes in memory. */
const sizeOf = (row: Readonly<Record<string, unknown>>): number =>
  500 + LONG_COLUMNS.reduce((sum, name) => sum + String(row[name] ?? '').length, 0);
