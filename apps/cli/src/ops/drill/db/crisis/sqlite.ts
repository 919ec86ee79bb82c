import type { Statement } from '@scorpiox/shared/database/console';
import { CRISIS_APPS } from '../limits.ts';
import type { CrisisEvent } from './event.ts';
import type { CrisisTexts } from './texts.ts';

/** Seconds since 1970 of the first row: rows are a second apart, and the night was 2026-03-21. */
const FIRST = Date.UTC(2026, 2, 10) / 1000;

/** `00:00:00.1083441` in milliseconds. */
const MILLISECONDS = `CAST(substr(Duration, 1, 2) AS INTEGER) * 3600000
    + CAST(substr(Duration, 4, 2) AS INTEGER) * 60000
    + CAST(round(CAST(substr(Duration, 7) AS REAL) * 1000) AS INTEGER)`;

const COLUMNS = 'App, Name, Timestamp, OperationId, Duration, Success';

export const SQLITE: CrisisTexts = {
  createTable: {
    text: `CREATE TABLE Requests (
  Id INTEGER PRIMARY KEY,
  App TEXT NOT NULL,
  Name TEXT NOT NULL,
  Timestamp TEXT NOT NULL,
  OperationId TEXT NOT NULL,
  Duration TEXT NOT NULL,
  Success INTEGER NOT NULL,
  DurationMs INTEGER GENERATED ALWAYS AS (${MILLISECONDS}) VIRTUAL
)`,
  },
  fill: (from, to) => ({
    text: `INSERT INTO Requests (${COLUMNS})
WITH RECURSIVE numbers (k) AS (SELECT @from UNION ALL SELECT k + 1 FROM numbers WHERE k + 1 < @to)
SELECT
  printf('app-%02d', k % ${CRISIS_APPS}), printf('GET /item/%d', k % 200),
  strftime('%Y-%m-%d %H:%M:%f', ${FIRST} + k, 'unixepoch'), printf('%016x%016x', k * 7919, k),
  printf('00:00:%02d.%07d', (k * 37) % 3, (k * 1083441) % 10000000), k % 50 <> 0
FROM numbers`,
    parameters: { from, to },
  }),
  duplicate: (copies, rows) => ({
    text: `INSERT INTO Requests (${COLUMNS})
SELECT ${COLUMNS} FROM Requests WHERE Id % @step = 0 ORDER BY Id LIMIT @copies`,
    parameters: { copies, step: Math.floor(rows / copies) },
  }),
  oldWay: (event) => ({
    look: {
      text: 'SELECT 1 FROM Requests WHERE App = @app AND Timestamp = @time AND OperationId = @operation LIMIT 1',
      parameters: { app: event.app, time: event.time, operation: event.operation },
    },
    insert: insert(event, COLUMNS, '@app, @name, @time, @operation, @duration, @success'),
  }),
  newWay: (event) => {
    const values = '@app, @name, @time, @operation, @duration, @success, @durationMs';
    const { text, parameters = {} } = insert(event, `${COLUMNS}, DurationMs`, values);
    return {
      text: `${text} ON CONFLICT DO NOTHING`,
      parameters: { ...parameters, durationMs: event.durationMs },
    };
  },
  askApps: {
    text: `SELECT App, COUNT(*) AS Requests, SUM(Success = 0) AS Failures, AVG(DurationMs) AS Average, MAX(DurationMs) AS Longest,
  MAX(Timestamp) AS LastSeen
FROM Requests
GROUP BY App
ORDER BY App`,
  },
};

function insert(event: CrisisEvent, columns: string, values: string): Statement {
  const { app, name, time, operation, duration, success } = event;
  return {
    text: `INSERT INTO Requests (${columns}) VALUES (${values})`,
    parameters: { app, name, time, operation, duration, success },
  };
}
