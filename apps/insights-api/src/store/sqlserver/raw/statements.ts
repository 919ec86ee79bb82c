import type { Place } from '@scorpiox/shared/query-language';
import { LISTED_CHARACTERS, LISTED_MESSAGE, VALUE_CHARACTERS } from '../../../query/raw/limits.ts';
import { columnOf, EVENT } from '../../raw/predicate.ts';
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

/** From a place of the key on to older events: the range of times first, so that the key is sought by it. */
const BELOW = `${EVENT}.app_id = @app AND ${EVENT}.[time] <= @time AND (${EVENT}.[time] < @time OR ${EVENT}.[hash] < @hash)`;
const DOWN_TO = `${EVENT}.[time] >= @end_time AND (${EVENT}.[time] > @end_time OR ${EVENT}.[hash] >= @end_hash)`;
const IN_SLICE = `FROM dbo.scorpiox_event AS ${EVENT}
WHERE ${BELOW}
  AND ${DOWN_TO}`;
const NEWEST_FIRST = `ORDER BY ${EVENT}.[time] DESC, ${EVENT}.[hash] DESC`;

/** The event that is @skip events older than the slice's beginning. */
export const READ_END = `
SELECT ${EVENT}.[time], ${EVENT}.[hash]
FROM dbo.scorpiox_event AS ${EVENT}
WHERE ${BELOW} AND ${EVENT}.[time] >= @from
${NEWEST_FIRST}
OFFSET @skip ROWS FETCH NEXT 1 ROWS ONLY;`;

export const COUNT_SLICE = `
SELECT COUNT_BIG(*) AS [count]
${IN_SLICE};`;

export const readPage = (condition: string, whole: boolean): string => `
SELECT TOP (@most) ${whole ? WHOLE : LISTED}
${IN_SLICE}
  AND ${condition}
${NEWEST_FIRST};`;

export const tallySlice = (condition: string, failure: string): string => `
SELECT t.step, SUM(t.[weight]) AS [count], SUM(t.failed) AS failures
FROM (SELECT (${EVENT}.[time] - @start) / @size AS step, ${EVENT}.[weight],
  CASE WHEN ${failure} THEN ${EVENT}.[weight] ELSE 0 END AS failed
${IN_SLICE}
  AND ${condition}) AS t
GROUP BY t.step;`;

export const countMatches = (condition: string): string => `
SELECT COUNT_BIG(*) AS [count]
${IN_SLICE}
  AND ${condition};`;

/** Values of a field, or of keys, in the rows of a slice. `isKey` is the condition that an entry has the key of the place. */
export function readValues(place: Place, condition: string, isKey: string): string {
  const from = column(columnOf(place));
  const isMap = place.field === 'properties' || place.field === 'measurements';
  const value = !isMap ? from : place.key === undefined ? 'j.[key]' : 'j.[value]';
  const inSlice = isMap ? IN_SLICE.replace('\nWHERE', `\nCROSS APPLY OPENJSON(${from}) AS j\nWHERE`) : IN_SLICE;
  return `
SELECT v.[value], COUNT_BIG(*) AS [count]
FROM (SELECT LEFT(${isMap ? value : `CAST(${value} AS nvarchar(max))`}, ${VALUE_CHARACTERS}) COLLATE Latin1_General_100_BIN2 AS [value]
${inSlice}
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
