import type { Statement } from '@scorpiox/shared/database/console';
import { CRISIS_APPS } from '../limits.ts';
import type { CrisisEvent } from './event.ts';
import type { CrisisTexts } from './texts.ts';

const COLUMNS = 'App, Name, Timestamp, OperationId, Duration, Success';

/** The parameters as the columns have them: of another type they would have each row of the table converted. */
const VALUES =
  'CONVERT(nvarchar(64), @app), CONVERT(nvarchar(128), @name), CONVERT(datetime2(7), @time, 121), CONVERT(varchar(64), @operation), CONVERT(varchar(32), @duration), CONVERT(bit, @success)';

const WHERE =
  'App = CONVERT(nvarchar(64), @app) AND Timestamp = CONVERT(datetime2(7), @time, 121) AND OperationId = CONVERT(varchar(64), @operation)';

export const SQL_SERVER: CrisisTexts = {
  createTable: {
    text: `CREATE TABLE dbo.Requests (
  Id bigint IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  App nvarchar(64) NOT NULL,
  Name nvarchar(128) NOT NULL,
  Timestamp datetime2(7) NOT NULL,
  OperationId varchar(64) NOT NULL,
  Duration varchar(32) NOT NULL,
  Success bit NOT NULL,
  DurationMs AS (DATEDIFF(millisecond, CONVERT(time(7), '00:00:00'), CONVERT(time(7), Duration)))
)`,
  },
  fill: (from, to) => ({
    text: `WITH ten (n) AS (SELECT n FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS digits (n)),
numbers (k) AS (
  SELECT TOP (CONVERT(int, @to - @from)) @from + ROW_NUMBER() OVER (ORDER BY a.n, b.n, c.n, d.n, e.n) - 1
  FROM ten AS a CROSS JOIN ten AS b CROSS JOIN ten AS c CROSS JOIN ten AS d CROSS JOIN ten AS e
)
INSERT INTO dbo.Requests (${COLUMNS})
SELECT
  CONCAT('app-', RIGHT(CONCAT('0', k % ${CRISIS_APPS}), 2)), CONCAT('GET /item/', k % 200),
  DATEADD(second, CONVERT(int, k), CONVERT(datetime2(7), '2026-03-10T00:00:00', 126)),
  LOWER(CONVERT(varchar(32), HASHBYTES('MD5', CONVERT(varchar(20), k)), 2)),
  CONCAT('00:00:0', (k * 37) % 3, '.', RIGHT(CONCAT('000000', (k * 1083441) % 10000000), 7)),
  CASE WHEN k % 50 = 0 THEN 0 ELSE 1 END
FROM numbers`,
    parameters: { from, to },
  }),
  duplicate: (copies, rows) => ({
    text: `INSERT INTO dbo.Requests (${COLUMNS})
SELECT TOP (CONVERT(int, @copies)) ${COLUMNS} FROM dbo.Requests WHERE Id % @step = 0 ORDER BY Id`,
    parameters: { copies, step: Math.floor(rows / copies) },
  }),
  oldWay: (event) => ({
    look: {
      text: `IF NOT EXISTS (SELECT 1 FROM dbo.Requests WHERE ${WHERE})
INSERT INTO dbo.Requests (${COLUMNS}) VALUES (${VALUES})`,
      parameters: parametersOf(event),
    },
  }),
  newWay: (event) => ({
    text: `INSERT INTO dbo.Requests (${COLUMNS}, DurationMs) VALUES (${VALUES}, CONVERT(int, @durationMs))`,
    parameters: { ...parametersOf(event), durationMs: event.durationMs },
  }),
  askApps: {
    text: `SELECT App, COUNT_BIG(*) AS Requests, SUM(CASE WHEN Success = 0 THEN 1 ELSE 0 END) AS Failures,
  AVG(CONVERT(float, DurationMs)) AS Average, MAX(DurationMs) AS Longest, CONVERT(varchar(27), MAX(Timestamp), 121) AS LastSeen
FROM dbo.Requests
GROUP BY App
ORDER BY App`,
  },
};

const parametersOf = (event: CrisisEvent): NonNullable<Statement['parameters']> => {
  const { app, name, time, operation, duration, success } = event;
  return { app, name, time, operation, duration, success };
};
