-- create the database
CREATE DATABASE [scorpiox_drill_0]

-- create the table
CREATE TABLE dbo.Requests (
  Id bigint IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  App nvarchar(64) NOT NULL,
  Name nvarchar(128) NOT NULL,
  Timestamp datetime2(7) NOT NULL,
  OperationId varchar(64) NOT NULL,
  Duration varchar(32) NOT NULL,
  Success bit NOT NULL,
  DurationMs AS (DATEDIFF(millisecond, CONVERT(time(7), '00:00:00'), CONVERT(time(7), Duration)))
)

-- fill
WITH ten (n) AS (SELECT n FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS digits (n)),
numbers (k) AS (
  SELECT TOP (CONVERT(int, @to - @from)) @from + ROW_NUMBER() OVER (ORDER BY a.n, b.n, c.n, d.n, e.n) - 1
  FROM ten AS a CROSS JOIN ten AS b CROSS JOIN ten AS c CROSS JOIN ten AS d CROSS JOIN ten AS e
)
INSERT INTO dbo.Requests (App, Name, Timestamp, OperationId, Duration, Success)
SELECT
  CONCAT('app-', RIGHT(CONCAT('0', k % 15), 2)), CONCAT('GET /item/', k % 200),
  DATEADD(second, CONVERT(int, k), CONVERT(datetime2(7), '2026-03-10T00:00:00', 126)),
  LOWER(CONVERT(varchar(32), HASHBYTES('MD5', CONVERT(varchar(20), k)), 2)),
  CONCAT('00:00:0', (k * 37) % 3, '.', RIGHT(CONCAT('000000', (k * 1083441) % 10000000), 7)),
  CASE WHEN k % 50 = 0 THEN 0 ELSE 1 END
FROM numbers

-- duplicate
INSERT INTO dbo.Requests (App, Name, Timestamp, OperationId, Duration, Success)
SELECT TOP (CONVERT(int, @copies)) App, Name, Timestamp, OperationId, Duration, Success FROM dbo.Requests WHERE Id % @step = 0 ORDER BY Id

-- old way
IF NOT EXISTS (SELECT 1 FROM dbo.Requests WHERE App = CONVERT(nvarchar(64), @app) AND Timestamp = CONVERT(datetime2(7), @time, 121) AND OperationId = CONVERT(varchar(64), @operation))
INSERT INTO dbo.Requests (App, Name, Timestamp, OperationId, Duration, Success) VALUES (CONVERT(nvarchar(64), @app), CONVERT(nvarchar(128), @name), CONVERT(datetime2(7), @time, 121), CONVERT(varchar(64), @operation), CONVERT(varchar(32), @duration), CONVERT(bit, @success))

-- new way
INSERT INTO dbo.Requests (App, Name, Timestamp, OperationId, Duration, Success, DurationMs) VALUES (CONVERT(nvarchar(64), @app), CONVERT(nvarchar(128), @name), CONVERT(datetime2(7), @time, 121), CONVERT(varchar(64), @operation), CONVERT(varchar(32), @duration), CONVERT(bit, @success), CONVERT(int, @durationMs))

-- ask for the applications
SELECT App, COUNT_BIG(*) AS Requests, SUM(CASE WHEN Success = 0 THEN 1 ELSE 0 END) AS Failures,
  AVG(CONVERT(float, DurationMs)) AS Average, MAX(DurationMs) AS Longest, CONVERT(varchar(27), MAX(Timestamp), 121) AS LastSeen
FROM dbo.Requests
GROUP BY App
ORDER BY App

-- end the sessions
ALTER DATABASE [scorpiox_drill_0] SET SINGLE_USER WITH ROLLBACK IMMEDIATE

-- drop the database
DROP DATABASE [scorpiox_drill_0]
