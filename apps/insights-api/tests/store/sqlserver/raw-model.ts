import type { Row, Statement } from '@scorpiox/shared/database/sqlserver';
import { makePredicate, type Query, type Subject } from '@scorpiox/shared/query-language';
import { isFailure } from '@scorpiox/shared/telemetry';
import { LISTED_CHARACTERS, LISTED_MESSAGE } from '../../../src/query/raw/limits.ts';
import { LONG_COLUMNS, PLAIN_COLUMNS } from '../../../src/store/raw/stored-event.ts';
import { COUNT_SLICE, FIND_EVENT, READ_END, READ_OPERATION } from '../../../src/store/sqlserver/raw/statements.ts';

type Cells = Readonly<Record<string, string | number | undefined>>;
type Value = NonNullable<Statement['parameters']>[string][1];

/**
 * What a server answers to raw questions, by their texts and the query that is asked just now. Conditions are not read:
 * the query in memory stands for them.
 */
export function answerRaw(
  { text, parameters = {} }: Statement,
  events: Iterable<Cells>,
  query: Query,
): Row[][] | undefined {
  const value = (name: string): Value => parameters[name]?.[1] ?? '';
  const rows = [...events];
  if (text === FIND_EVENT) {
    const key = `${value('app')} ${value('time')} ${hex(value('hash'))}`;
    return [rows.filter((row) => keyOf(row) === key).map(wholeRow)];
  }
  if (text === READ_OPERATION) {
    const minute = (row: Cells) => Math.floor(Number(row.time) / 60_000_000);
    const found = rows.filter((row) => row.operation_id === value('operation'));
    const within = found.filter(
      (row) => minute(row) >= Number(value('from_minute')) && minute(row) < Number(value('to_minute')),
    );
    return [
      within
        .toSorted((a, b) => compare(placeOf(a), placeOf(b)))
        .slice(0, Number(value('most')))
        .map(listedRow),
    ];
  }
  if (!text.includes('FROM dbo.scorpiox_event AS e')) return undefined;
  const begin = edge(value('time'), value('hash'));
  const isRising = text.includes('e.[time] >= @time');
  const way = isRising ? -1 : 1;
  const inOrder = rows
    .filter((row) => row.app_id === value('app') && compare(edge(row.time, row.hash), begin) * way < 0)
    .toSorted((a, b) => compare(placeOf(b), placeOf(a)) * way);
  if (text === READ_END.newest || text === READ_END.oldest) {
    const isWithin = (time: number) => (isRising ? time < Number(value('limit')) : time >= Number(value('limit')));
    const row = inOrder.filter(({ time }) => isWithin(Number(time)))[Number(value('skip'))];
    return [row === undefined ? [] : [{ time: String(row.time), hash: Buffer.from(String(row.hash), 'hex') }]];
  }
  const end = edge(value('end_time'), value('end_hash'));
  const inSlice = inOrder.filter((row) => compare(edge(row.time, row.hash), end) * way >= 0);
  if (text === COUNT_SLICE.newest || text === COUNT_SLICE.oldest) return [[{ count: String(inSlice.length) }]];
  const holds = makePredicate(query);
  const found = inSlice.filter((row) => holds(toSubject(row)));
  if (text.startsWith('\nSELECT TOP (@most)')) {
    return [found.slice(0, Number(value('most'))).map(text.includes('_length') ? listedRow : wholeRow)];
  }
  if (text.startsWith('\nSELECT COUNT_BIG(*)')) return [[{ count: String(found.length) }]];
  if (text.startsWith('\nSELECT t.step')) return [tally(found, Number(value('start')), Number(value('size')))];
  return [countValues(found, text, parameters.key === undefined ? undefined : String(value('key')))];
}

const hex = (value: Value): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
const keyOf = ({ app_id, time, hash }: Cells): string => `${app_id} ${time} ${hash}`;
const padded = (value: unknown): string => String(value).padStart(17, '0');
const edge = (time: unknown, hash: Value | undefined): string => `${padded(time)} ${hex(hash ?? '')}`;
const placeOf = ({ time, app_id, hash }: Cells): string => `${padded(time)} ${padded(app_id)} ${hash}`;
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const BIGINTS = new Set(['time', 'duration_us', 'received_at']);

/** As the driver gives it: big integers as texts, bits as booleans, bytes as a Buffer. */
function toCell(name: string, value: Cells[string]): unknown {
  if (value === undefined) return null;
  if (name === 'hash') return Buffer.from(String(value), 'hex');
  if (name === 'success') return value === 1;
  return BIGINTS.has(name) ? String(value) : value;
}

const wholeRow = (row: Cells): Row =>
  Object.fromEntries([...PLAIN_COLUMNS, ...LONG_COLUMNS].map((name) => [name, toCell(name, row[name])]));

function listedRow(row: Cells): Row {
  const lengths = (['properties', 'measurements'] as const).map(
    (name) => [name, row[name] === undefined ? null : String(row[name]).length] as const,
  );
  return {
    ...wholeRow(row),
    message: row.message === undefined ? null : String(row.message).slice(0, LISTED_MESSAGE + 1),
    ...Object.fromEntries(
      lengths.flatMap(([name, length]) => [
        [name, length !== null && length <= LISTED_CHARACTERS ? row[name] : null],
        [`${name}_length`, length],
      ]),
    ),
  };
}

const json = (value: Cells[string]) => (value === undefined ? undefined : JSON.parse(String(value)));

/** The event that a row was made of. */
function toSubject(row: Cells): Subject {
  const { app_id, operation_id, parent_id, duration_us, success, properties, measurements, ...same } = row;
  const subject = {
    ...same,
    app: String(app_id),
    operationId: operation_id,
    parentId: parent_id,
    durationUs: duration_us,
    success: success === undefined ? undefined : success === 1,
    properties: json(properties),
    measurements: json(measurements),
  };
  return subject as unknown as Subject; // the adapter's own columns
}

function tally(found: readonly Cells[], start: number, size: number): Row[] {
  const failed = (row: Cells) => isFailure(toSubject(row));
  const weigh = (rows: readonly Cells[]) => rows.reduce((sum, { weight }) => sum + Number(weight), 0);
  const byStep = Map.groupBy(found, ({ time }) => Math.floor((Number(time) - start) / size));
  return [...byStep].map(([step, rows]) => ({
    step: String(step),
    count: weigh(rows),
    failures: weigh(rows.filter(failed)),
  }));
}

function countValues(found: readonly Cells[], text: string, key: string | undefined): Row[] {
  const mapName = /OPENJSON\(e\.\[(\w+)\]\)/.exec(text)?.[1];
  const column = /LEFT\(CAST\(e\.\[(\w+)\]/.exec(text)?.[1] ?? '';
  const values = found.flatMap((row) => {
    if (mapName === undefined) return row[column] === undefined ? [] : [String(row[column])];
    const map: Record<string, unknown> = json(row[mapName]) ?? {};
    return key === undefined ? Object.keys(map) : Object.hasOwn(map, key) ? [String(map[key])] : [];
  });
  return [...Map.groupBy(values, String)].map(([value, all]) => ({ value, count: String(all.length) }));
}
