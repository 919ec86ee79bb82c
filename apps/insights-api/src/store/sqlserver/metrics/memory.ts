import { hex, number, type Run, text } from '@scorpiox/shared/database/sqlserver';
import { METRIC_ACTIVE_MS } from '../../../limits.ts';
import {
  type Active,
  idOfSeries,
  idOfStream,
  type MetricKeys,
  type MetricMemory,
} from '../../../rollup/metrics/memory.ts';

/** Three result sets: since when applications are remembered, series that are there, states of streams that are there. */
export const READ_MEMORY = `
SELECT m.app_id, m.since
FROM OPENJSON(@apps) WITH (app_id int '$.app_id') AS j
JOIN dbo.scorpiox_metric_memory AS m ON m.app_id = j.app_id;
SELECT s.app_id, s.metric, s.series, s.seen_at
FROM OPENJSON(@series) WITH (app_id int '$.app_id', metric varchar(32) '$.metric', series varchar(32) '$.series') AS j
JOIN dbo.scorpiox_metric_series AS s
  ON s.app_id = j.app_id AND s.metric = CONVERT(binary(16), j.metric, 2) AND s.series = CONVERT(binary(16), j.series, 2);
SELECT s.app_id, s.stream, s.[state]
FROM OPENJSON(@streams) WITH (app_id int '$.app_id', stream varchar(32) '$.stream') AS j
JOIN dbo.scorpiox_metric_stream AS s ON s.app_id = j.app_id AND s.stream = CONVERT(binary(16), j.stream, 2);`;

/** How many series and streams of applications were touched lately. */
export const READ_ACTIVE = `
SELECT j.app_id,
  (SELECT COUNT(*) FROM dbo.scorpiox_metric_series AS s WHERE s.app_id = j.app_id AND s.seen_at >= @after) AS series,
  (SELECT COUNT(*) FROM dbo.scorpiox_metric_stream AS t WHERE t.app_id = j.app_id AND t.seen_at >= @after) AS streams
FROM OPENJSON(@apps) WITH (app_id int '$.app_id') AS j;`;

const toJson = (apps: Iterable<number>): string => JSON.stringify([...apps].map((appId) => ({ app_id: appId })));

/** Reads what points have to be seen beside. Under the lock `scorpiox_write` only. `now`: milliseconds since 1970. */
export async function readMemory(run: Run, keys: MetricKeys, now: number): Promise<MetricMemory> {
  const asked = keys.series.map(({ appId, metric, series }) => ({ app_id: appId, metric, series }));
  const states = keys.streams.map(({ appId, stream }) => ({ app_id: appId, stream }));
  const [memories = [], found = [], streams = []] = await run({
    text: READ_MEMORY,
    parameters: {
      apps: ['nvarchar(max)', toJson(keys.apps)],
      series: ['nvarchar(max)', JSON.stringify(asked)],
      streams: ['nvarchar(max)', JSON.stringify(states)],
    },
  });
  const appOf = (row: (typeof found)[number]) => number(row, 'app_id');
  const known = {
    since: new Map(memories.map((row) => [appOf(row), number(row, 'since')])),
    series: new Map(
      found.map((row) => {
        const key = { appId: appOf(row), metric: hex(row, 'metric'), series: hex(row, 'series') };
        return [idOfSeries(key), number(row, 'seen_at')];
      }),
    ),
    streams: new Map(
      streams.map((row) => [idOfStream({ appId: appOf(row), stream: hex(row, 'stream') }), text(row, 'state')]),
    ),
  };
  const growing = new Set([
    ...keys.series.filter((key) => !known.series.has(idOfSeries(key))).map(({ appId }) => appId),
    ...keys.streams.filter((key) => !known.streams.has(idOfStream(key))).map(({ appId }) => appId),
  ]);
  return { ...known, active: await readActive(run, growing, now - METRIC_ACTIVE_MS) };
}

async function readActive(run: Run, apps: ReadonlySet<number>, after: number): Promise<ReadonlyMap<number, Active>> {
  if (apps.size === 0) return new Map();
  const [rows = []] = await run({
    text: READ_ACTIVE,
    parameters: { apps: ['nvarchar(max)', toJson(apps)], after: ['bigint', after] },
  });
  const activeOf = (row: (typeof rows)[number]) => ({ series: number(row, 'series'), streams: number(row, 'streams') });
  return new Map(rows.map((row) => [number(row, 'app_id'), activeOf(row)]));
}
