import { number, type Row, type Run, text } from '@scorpiox/shared/database/sqlserver';
import { failureCondition, toCondition } from '../../raw/predicate.ts';
import type { Edge, RawEvents, Slice, SliceEnd } from '../../raw/raw-port.ts';
import { toStoredEvent } from '../../raw/stored-event.ts';
import { SqlServerDialect, toLike } from './dialect.ts';
import {
  COUNT_SLICE,
  countMatches,
  FIND_EVENT,
  READ_END,
  READ_OPERATION,
  readPage,
  readValues,
  tallySlice,
} from './statements.ts';

/** Raw questions to a SQL Server. Rejects with `SqlServerError`. */
export function makeRawReader(run: Run): RawEvents {
  const first = async (statement: Parameters<Run>[0]): Promise<readonly Row[]> => (await run(statement))[0] ?? [];

  /** Where a slice ends: with its last row if there are as many, else with the span. */
  const endOf = async ({ appId, order, edge, limit, rows }: Slice): Promise<Edge | undefined> => {
    const [row] = await first({
      text: READ_END[order],
      parameters: { app: ['int', appId], limit: ['bigint', limit], ...edgeParameters(edge), skip: ['int', rows - 1] },
    });
    if (row === undefined) return undefined;
    return { time: number(row, 'time'), hash: Buffer.from(row.hash as Uint8Array).toString('hex') }; // binary NOT NULL
  };
  const count = async (slice: Slice, end: Edge | undefined): Promise<number> => {
    const [row] = await first({ text: COUNT_SLICE[slice.order], parameters: inSlice(slice, end) });
    return row === undefined ? 0 : number(row, 'count');
  };
  const ended = async (slice: Slice, end: Edge | undefined): Promise<SliceEnd> =>
    end === undefined ? { scanned: await count(slice, end) } : { end, scanned: slice.rows };

  return {
    async page(slice, { most, whole }) {
      const end = await endOf(slice);
      const dialect = new SqlServerDialect();
      const rows = await first({
        text: readPage(slice.order, toCondition(slice.query, dialect), whole),
        parameters: { ...inSlice(slice, end), most: ['int', most], ...dialect.parameters },
      });
      const events = rows.map(toStoredEvent);
      const last = events.at(-1);
      if (last === undefined || events.length < most) return { events, ...(await ended(slice, end)) };
      const lastEdge = { time: last.time, hash: last.hash };
      return { events, end: lastEdge, scanned: await count(slice, lastEdge) };
    },
    async tally(slice, { start, size }) {
      const end = await endOf(slice);
      const dialect = new SqlServerDialect();
      const rows = await first({
        text: tallySlice(slice.order, toCondition(slice.query, dialect), failureCondition(dialect)),
        parameters: { ...inSlice(slice, end), start: ['bigint', start], size: ['bigint', size], ...dialect.parameters },
      });
      const steps = rows.map((row) => ({
        step: number(row, 'step'),
        count: number(row, 'count'),
        failures: number(row, 'failures'),
      }));
      return { steps, ...(await ended(slice, end)) };
    },
    async values(slice, place) {
      const end = await endOf(slice);
      const dialect = new SqlServerDialect();
      const condition = toCondition(slice.query, dialect);
      const parameters = { ...inSlice(slice, end), ...dialect.parameters };
      const [matches] = await first({ text: countMatches(slice.order, condition), parameters });
      const rows = await first({
        text: readValues(slice.order, place, condition, 'j.[key] COLLATE Latin1_General_100_BIN2 LIKE @key'),
        parameters: {
          ...parameters,
          ...(place.key === undefined ? {} : { key: ['nvarchar(4000)', toLike(place.key)] }),
        },
      });
      const values = rows.map((row) => ({ value: text(row, 'value'), count: number(row, 'count') }));
      return { values, events: matches === undefined ? 0 : number(matches, 'count'), ...(await ended(slice, end)) };
    },
    async find({ appId, time, hash }) {
      const [row] = await first({
        text: FIND_EVENT,
        parameters: { app: ['int', appId], time: ['bigint', time], hash: ['binary(16)', toBytes(hash)] },
      });
      return row && toStoredEvent(row);
    },
    async operation({ operationId, fromMinute, toMinute, most }) {
      const rows = await first({
        text: READ_OPERATION,
        parameters: {
          most: ['int', most],
          from_minute: ['int', fromMinute],
          to_minute: ['int', toMinute],
          operation: ['nvarchar(4000)', operationId],
          operation_pattern: ['nvarchar(4000)', toLike(operationId)],
        },
      });
      return rows.map(toStoredEvent);
    },
  };
}

/** 16 bytes; of an empty hash the first of all there are. */
const toBytes = (hash: string): Buffer => Buffer.from(hash.padEnd(32, '0'), 'hex');

const edgeParameters = ({ time, hash }: Edge) =>
  ({ time: ['bigint', time], hash: ['binary(16)', toBytes(hash)] }) as const;

const inSlice = ({ appId, edge, limit }: Slice, end: Edge = { time: limit, hash: '' }) =>
  ({
    app: ['int', appId],
    ...edgeParameters(edge),
    end_time: ['bigint', end.time],
    end_hash: ['binary(16)', toBytes(end.hash)],
  }) as const;
