import type { Place } from '@scorpiox/shared/query-language';
import { LISTED_CHARACTERS, LISTED_MESSAGE, VALUE_CHARACTERS } from '../../../query/raw/limits.ts';
import { columnOf, EVENT } from '../../raw/predicate.ts';
import type { Order } from '../../raw/raw-port.ts';
import { LONG_COLUMNS, PLAIN_COLUMNS } from '../../raw/stored-event.ts';

const column = (name: string) => `${EVENT}.[${name}]`;
const WHOLE = [...PLAIN_COLUMNS, ...LONG_COLUMNS].map(column).join(', ');
const map = (name: string) =>
  `CASE WHEN LEN(${column(name)}) <= ${LISTED_CHARACTERS} THEN ${column(name)} END AS [${name}], LEN(${column(name)}) AS [${name}_length]`;
const LISTED = [
  ...PLAIN_COLUMNS.map(column),
  `LEFT(${column('message')}, ${LISTED_MESSAGE + 1}) AS [message]`,
  map('properties'),
  map('measurements'),
].join(', ');

/** What differs between the orders: how a row compares that comes after another, and one that does not come after the end. */
const ORDERS = {
  newest: { after: '<', within: '>', limit: '>= @limit', way: 'DESC' },
  oldest: { after: '>', within: '<', limit: '< @limit', way: 'ASC' },
} as const;

/** From a place of the key on: the range of times first, so that the key is sought by it. */
const beyond = (order: Order): string => {
  const { after } = ORDERS[order];
  return `${EVENT}.app_id = @app AND ${EVENT}.[time] ${after}= @time AND (${EVENT}.[time] ${after} @time OR ${EVENT}.[hash] ${after} @hash)`;
};
const inSlice = (order: Order): string => {
  const { within } = ORDERS[order];
  return `FROM dbo.scorpiox_event AS ${EVENT}
WHERE ${beyond(order)}
  AND ${EVENT}.[time] ${within}= @end_time AND (${EVENT}.[time] ${within} @end_time OR ${EVENT}.[hash] ${within}= @end_hash)`;
};
const inOrder = (order: Order): string =>
  `ORDER BY ${EVENT}.[time] ${ORDERS[order].way}, ${EVENT}.[hash] ${ORDERS[order].way}`;

/** The event that is @skip events after the slice's beginning. */
const readEnd = (order: Order): string => `
SELECT ${EVENT}.[time], ${EVENT}.[hash]
FROM dbo.scorpiox_event AS ${EVENT}
WHERE ${beyond(order)} AND ${EVENT}.[time] ${ORDERS[order].limit}
${inOrder(order)}
OFFSET @skip ROWS FETCH NEXT 1 ROWS ONLY;`;

const countSlice = (order: Order): string => `
SELECT COUNT_BIG(*) AS [count]
${inSlice(order)};`;

export const READ_END = { newest: readEnd('newest'), oldest: readEnd('oldest') };
export const COUNT_SLICE = { newest: countSlice('newest'), oldest: countSlice('oldest') };

export const readPage = (order: Order, condition: string, whole: boolean): string => `
SELECT TOP (@most) ${whole ? WHOLE : LISTED}
${inSlice(order)}
  AND ${condition}
${inOrder(order)};`;

export const tallySlice = (order: Order, condition: string, failure: string): string => `
SELECT t.step, SUM(t.[weight]) AS [count], SUM(t.failed) AS failures
FROM (SELECT (${EVENT}.[time] - @start) / @size AS step, ${EVENT}.[weight],
  CASE WHEN ${failure} THEN ${EVENT}.[weight] ELSE 0 END AS failed
${inSlice(order)}
  AND ${condition}) AS t
GROUP BY t.step;`;

export const countMatches = (order: Order, condition: string): string => `
SELECT COUNT_BIG(*) AS [count]
${inSlice(order)}
  AND ${condition};`;

/** Values of a field, or of keys, in the rows of a slice. `isKey` is the condition that an entry has the key of the place. */
export function readValues(order: Order, place: Place, condition: string, isKey: string): string {
  const from = column(columnOf(place));
  const isMap = place.field === 'properties' || place.field === 'measurements';
  const value = !isMap ? from : place.key === undefined ? 'j.[key]' : 'j.[value]';
  const plain = inSlice(order);
  const source = isMap ? plain.replace('\nWHERE', `\nCROSS APPLY OPENJSON(${from}) AS j\nWHERE`) : plain;
  return `
SELECT v.[value], COUNT_BIG(*) AS [count]
FROM (SELECT LEFT(${isMap ? value : `CAST(${value} AS nvarchar(max))`}, ${VALUE_CHARACTERS}) COLLATE Latin1_General_100_BIN2 AS [value]
${source}
  AND ${condition}${place.key === undefined ? '' : `\n  AND ${isKey}`}) AS v
WHERE v.[value] IS NOT NULL
GROUP BY v.[value];`;
}

export const FIND_EVENT = `
SELECT ${WHOLE}
FROM dbo.scorpiox_event AS ${EVENT}
WHERE ${EVENT}.app_id = @app AND ${EVENT}.[time] = @time AND ${EVENT}.[hash] = @hash;`;

/** One range of the index for each minute; what else ends as the id does is left out by the id itself. */
export const READ_OPERATION = `
SELECT TOP (@most) ${LISTED}
FROM dbo.scorpiox_event AS ${EVENT}
WHERE ${EVENT}.operation_minute >= @from_minute AND ${EVENT}.operation_minute < @to_minute
  AND ${EVENT}.operation_key = CAST(RIGHT(@operation, 16) AS nvarchar(16))
  AND ${EVENT}.operation_id COLLATE Latin1_General_100_BIN2 LIKE @operation_pattern
ORDER BY ${EVENT}.[time], ${EVENT}.app_id, ${EVENT}.[hash];`;
