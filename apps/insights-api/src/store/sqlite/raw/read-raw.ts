import type { DatabaseSync } from 'node:sqlite';
import type { Place } from '@scorpiox/shared/query-language';
import { LISTED_CHARACTERS, LISTED_MESSAGE, PAGE_BYTES, VALUE_CHARACTERS } from '../../../query/raw/limits.ts';
import { columnOf, EVENT, failureCondition, toCondition } from '../../raw/predicate.ts';
import type { Edge, EventKey, OperationPart, Page, Slice, StoredEvent, Tally, Values } from '../../raw/raw-port.ts';
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

/** The event that is `rows` events older than the slice's beginning: a walk along the key, which reads no columns. */
const END = `SELECT time, hash FROM events WHERE app_id = @app AND time >= @from AND (time, hash) < (@time, @hash)
  ORDER BY time DESC, hash DESC LIMIT 1 OFFSET @skip`;
const COUNT = 'SELECT count(*) AS count FROM events WHERE app_id = @app AND (time, hash) < (@time, @hash)';

const IN_SLICE = `FROM events AS ${EVENT} WHERE ${EVENT}.app_id = @app AND (${EVENT}.time, ${EVENT}.hash) < (@time, @hash)
  AND (${EVENT}.time, ${EVENT}.hash) >= (@endTime, @endHash)`;
const NEWEST_FIRST = `ORDER BY ${EVENT}.time DESC, ${EVENT}.hash DESC`;

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
  const selectEnd = db.prepare(END);
  const countTo = db.prepare(`${COUNT} AND (time, hash) >= (@endTime, @endHash)`);
  const selectOperation = db.prepare(OPERATION);
  const selectEvent = db.prepare(FIND);

  /** Where a slice ends: with its last row if there are as many, else with the span. */
  const endOf = ({ appId, from, below, rows }: Slice): Edge | undefined => {
    const row = selectEnd.get({ app: appId, from, ...lower(below), skip: rows - 1 });
    return row === undefined ? undefined : toEdge(row);
  };
  const scannedOf = ({ appId, below }: Slice, end: Edge): number =>
    Number(countTo.get({ app: appId, ...lower(below), ...upper(end) })?.count ?? 0);
  const ended = (slice: Slice, end: Edge | undefined) => {
    const scanned = end === undefined ? scannedOf(slice, { time: slice.from, hash: '' }) : slice.rows;
    return { ...(end === undefined ? {} : { end }), scanned };
  };
  const inSlice = (slice: Slice, end: Edge | undefined) => ({
    app: slice.appId,
    ...lower(slice.below),
    ...upper(end ?? { time: slice.from, hash: '' }),
  });

  return {
    page({ slice, shape: { most, whole } }): Page {
      const end = endOf(slice);
      const dialect = new SqliteDialect();
      const condition = toCondition(slice.query, dialect);
      const select = db.prepare(
        `SELECT ${whole ? WHOLE : LISTED} ${IN_SLICE} AND ${condition} ${NEWEST_FIRST} LIMIT @most`,
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
        sum(weight * (${failureCondition(dialect)})) AS failures ${IN_SLICE} AND ${condition} GROUP BY step`);
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
      const select = db.prepare(`SELECT value, count(*) AS count FROM (${valuesOf(place, condition)})
        WHERE value IS NOT NULL GROUP BY value`);
      const rows = select.all({ ...parameters, ...(place.key === undefined ? {} : { key: place.key }) });
      const count = db.prepare(`SELECT count(*) AS count ${IN_SLICE} AND ${condition}`).get(parameters)?.count;
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
function valuesOf(place: Place, condition: string): string {
  const column = `${EVENT}.${columnOf(place)}`;
  const cut = (value: string) => `substr(${value}, 1, ${VALUE_CHARACTERS}) AS value`;
  if (place.field !== 'properties' && place.field !== 'measurements') {
    return `SELECT ${cut(column)} ${IN_SLICE} AND ${condition}`;
  }
  const from = IN_SLICE.replace(`AS ${EVENT} WHERE`, `AS ${EVENT}, json_each(${column}) AS j WHERE`);
  if (place.key === undefined) return `SELECT ${cut('j.key')} ${from} AND ${condition}`;
  return `SELECT ${cut('j.atom')} ${from} AND ${condition} AND j.key = @key`;
}

const bytesOf = (hash: string): Uint8Array => Buffer.from(hash, 'hex');
const lower = ({ time, hash }: Edge) => ({ time, hash: bytesOf(hash) });
const upper = ({ time, hash }: Edge) => ({ endTime: time, endHash: bytesOf(hash) });

function toEdge({ time, hash }: Readonly<Record<string, unknown>>): Edge {
  if (!(hash instanceof Uint8Array)) throw new TypeError('an event has a hash');
  return { time: Number(time), hash: Buffer.from(hash).toString('hex') };
}

/** About what a row takes in memory. */
const sizeOf = (row: Readonly<Record<string, unknown>>): number =>
  500 + LONG_COLUMNS.reduce((sum, name) => sum + String(row[name] ?? '').length, 0);
