-- READ_END
SELECT e.[time], e.[hash]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] <= @time AND (e.[time] < @time OR e.[hash] < @hash) AND e.[time] >= @limit
ORDER BY e.[time] DESC, e.[hash] DESC
OFFSET @skip ROWS FETCH NEXT 1 ROWS ONLY;

-- COUNT_SLICE
SELECT COUNT_BIG(*) AS [count]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] <= @time AND (e.[time] < @time OR e.[hash] < @hash)
  AND e.[time] >= @end_time AND (e.[time] > @end_time OR e.[hash] >= @end_hash);

-- FIND_EVENT
SELECT e.[app_id], e.[time], e.[hash], e.[kind], e.[name], e.[id], e.[weight], e.[duration_us], e.[success], e.[code], e.[operation_id], e.[parent_id], e.[trace_id], e.[span_id], e.[severity], e.[value], e.[unit], e.[user], e.[session], e.[instance], e.[version], e.[received_at], e.[message], e.[properties], e.[measurements]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] = @time AND e.[hash] = @hash;

-- READ_OPERATION
SELECT TOP (@most) e.[app_id], e.[time], e.[hash], e.[kind], e.[name], e.[id], e.[weight], e.[duration_us], e.[success], e.[code], e.[operation_id], e.[parent_id], e.[trace_id], e.[span_id], e.[severity], e.[value], e.[unit], e.[user], e.[session], e.[instance], e.[version], e.[received_at], LEFT(e.[message], 1001) AS [message], CASE WHEN LEN(e.[properties]) <= 4000 THEN e.[properties] END AS [properties], LEN(e.[properties]) AS [properties_length], CASE WHEN LEN(e.[measurements]) <= 4000 THEN e.[measurements] END AS [measurements], LEN(e.[measurements]) AS [measurements_length]
FROM dbo.scorpiox_event AS e
WHERE e.operation_minute >= @from_minute AND e.operation_minute < @to_minute
  AND e.operation_key = CAST(RIGHT(@operation, 16) AS nvarchar(16))
  AND e.operation_id COLLATE Latin1_General_100_BIN2 LIKE @operation_pattern
ORDER BY e.[time], e.app_id, e.[hash];

-- READ_END, oldest first
SELECT e.[time], e.[hash]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] >= @time AND (e.[time] > @time OR e.[hash] > @hash) AND e.[time] < @limit
ORDER BY e.[time] ASC, e.[hash] ASC
OFFSET @skip ROWS FETCH NEXT 1 ROWS ONLY;

-- COUNT_SLICE, oldest first
SELECT COUNT_BIG(*) AS [count]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] >= @time AND (e.[time] > @time OR e.[hash] > @hash)
  AND e.[time] <= @end_time AND (e.[time] < @end_time OR e.[hash] <= @end_hash);

-- read page, oldest first
SELECT TOP (@most) e.[app_id], e.[time], e.[hash], e.[kind], e.[name], e.[id], e.[weight], e.[duration_us], e.[success], e.[code], e.[operation_id], e.[parent_id], e.[trace_id], e.[span_id], e.[severity], e.[value], e.[unit], e.[user], e.[session], e.[instance], e.[version], e.[received_at], LEFT(e.[message], 1001) AS [message], CASE WHEN LEN(e.[properties]) <= 4000 THEN e.[properties] END AS [properties], LEN(e.[properties]) AS [properties_length], CASE WHEN LEN(e.[measurements]) <= 4000 THEN e.[measurements] END AS [measurements], LEN(e.[measurements]) AS [measurements_length]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] >= @time AND (e.[time] > @time OR e.[hash] > @hash)
  AND e.[time] <= @end_time AND (e.[time] < @end_time OR e.[hash] <= @end_hash)
  AND CONDITION
ORDER BY e.[time] ASC, e.[hash] ASC;

-- read page
SELECT TOP (@most) e.[app_id], e.[time], e.[hash], e.[kind], e.[name], e.[id], e.[weight], e.[duration_us], e.[success], e.[code], e.[operation_id], e.[parent_id], e.[trace_id], e.[span_id], e.[severity], e.[value], e.[unit], e.[user], e.[session], e.[instance], e.[version], e.[received_at], LEFT(e.[message], 1001) AS [message], CASE WHEN LEN(e.[properties]) <= 4000 THEN e.[properties] END AS [properties], LEN(e.[properties]) AS [properties_length], CASE WHEN LEN(e.[measurements]) <= 4000 THEN e.[measurements] END AS [measurements], LEN(e.[measurements]) AS [measurements_length]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] <= @time AND (e.[time] < @time OR e.[hash] < @hash)
  AND e.[time] >= @end_time AND (e.[time] > @end_time OR e.[hash] >= @end_hash)
  AND CONDITION
ORDER BY e.[time] DESC, e.[hash] DESC;

-- read page whole
SELECT TOP (@most) e.[app_id], e.[time], e.[hash], e.[kind], e.[name], e.[id], e.[weight], e.[duration_us], e.[success], e.[code], e.[operation_id], e.[parent_id], e.[trace_id], e.[span_id], e.[severity], e.[value], e.[unit], e.[user], e.[session], e.[instance], e.[version], e.[received_at], e.[message], e.[properties], e.[measurements]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] <= @time AND (e.[time] < @time OR e.[hash] < @hash)
  AND e.[time] >= @end_time AND (e.[time] > @end_time OR e.[hash] >= @end_hash)
  AND CONDITION
ORDER BY e.[time] DESC, e.[hash] DESC;

-- tally
SELECT t.step, SUM(t.[weight]) AS [count], SUM(t.failed) AS failures
FROM (SELECT (e.[time] - @start) / @size AS step, e.[weight],
  CASE WHEN ((e.[success] IS NOT NULL AND e.[success] = @q0) OR e.[kind] = @q1 OR (e.[kind] = @q2 AND (e.[severity] IS NOT NULL AND e.[severity] IN (@q3, @q4)))) THEN e.[weight] ELSE 0 END AS failed
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] <= @time AND (e.[time] < @time OR e.[hash] < @hash)
  AND e.[time] >= @end_time AND (e.[time] > @end_time OR e.[hash] >= @end_hash)
  AND CONDITION) AS t
GROUP BY t.step;

-- count matches
SELECT COUNT_BIG(*) AS [count]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] <= @time AND (e.[time] < @time OR e.[hash] < @hash)
  AND e.[time] >= @end_time AND (e.[time] > @end_time OR e.[hash] >= @end_hash)
  AND CONDITION;

-- values of a column
SELECT v.[value], COUNT_BIG(*) AS [count]
FROM (SELECT LEFT(CAST(e.[code] AS nvarchar(max)), 200) COLLATE Latin1_General_100_BIN2 AS [value]
FROM dbo.scorpiox_event AS e
WHERE e.app_id = @app AND e.[time] <= @time AND (e.[time] < @time OR e.[hash] < @hash)
  AND e.[time] >= @end_time AND (e.[time] > @end_time OR e.[hash] >= @end_hash)
  AND CONDITION) AS v
WHERE v.[value] IS NOT NULL
GROUP BY v.[value];

-- keys of a map
SELECT v.[value], COUNT_BIG(*) AS [count]
FROM (SELECT LEFT(j.[key], 200) COLLATE Latin1_General_100_BIN2 AS [value]
FROM dbo.scorpiox_event AS e
CROSS APPLY OPENJSON(e.[properties]) AS j
WHERE e.app_id = @app AND e.[time] <= @time AND (e.[time] < @time OR e.[hash] < @hash)
  AND e.[time] >= @end_time AND (e.[time] > @end_time OR e.[hash] >= @end_hash)
  AND CONDITION) AS v
WHERE v.[value] IS NOT NULL
GROUP BY v.[value];

-- values of a key
SELECT v.[value], COUNT_BIG(*) AS [count]
FROM (SELECT LEFT(j.[value], 200) COLLATE Latin1_General_100_BIN2 AS [value]
FROM dbo.scorpiox_event AS e
CROSS APPLY OPENJSON(e.[measurements]) AS j
WHERE e.app_id = @app AND e.[time] <= @time AND (e.[time] < @time OR e.[hash] < @hash)
  AND e.[time] >= @end_time AND (e.[time] > @end_time OR e.[hash] >= @end_hash)
  AND CONDITION
  AND IS KEY) AS v
WHERE v.[value] IS NOT NULL
GROUP BY v.[value];

-- 
1 = 1
-- {}

-- kind:request duration:>500ms status:5xx user:42 "free text" -name:health
(e.[kind] = @q0 AND (e.[duration_us] IS NOT NULL AND e.[duration_us] > @q1) AND (e.[code] IS NOT NULL AND LEN(e.[code]) BETWEEN 1 AND 9 AND e.[code] COLLATE Latin1_General_100_BIN2 NOT LIKE '%[^0-9]%' AND TRY_CAST(e.[code] AS int) >= @q2 AND TRY_CAST(e.[code] AS int) <= @q3) AND (e.[user] IS NOT NULL AND e.[user] COLLATE Latin1_General_100_BIN2 LIKE @q4) AND ((e.[name] IS NOT NULL AND e.[name] COLLATE Latin1_General_100_BIN2 LIKE @q5) OR (e.[message] IS NOT NULL AND e.[message] COLLATE Latin1_General_100_BIN2 LIKE @q6) OR (e.[code] IS NOT NULL AND e.[code] COLLATE Latin1_General_100_BIN2 LIKE @q7) OR (e.[properties] IS NOT NULL AND e.[properties] COLLATE Latin1_General_100_BIN2 LIKE @q8)) AND NOT ((e.[name] IS NOT NULL AND e.[name] COLLATE Latin1_General_100_BIN2 LIKE @q9)))
-- {"q0":["varchar(16)","request"],"q1":["bigint",500000],"q2":["int",500],"q3":["int",599],"q4":["nvarchar(4000)","42"],"q5":["nvarchar(4000)","%[Ff][Rr][Ee][Ee] [Tt][Ee][Xx][Tt]%"],"q6":["nvarchar(4000)","%[Ff][Rr][Ee][Ee] [Tt][Ee][Xx][Tt]%"],"q7":["nvarchar(4000)","%[Ff][Rr][Ee][Ee] [Tt][Ee][Xx][Tt]%"],"q8":["nvarchar(4000)","%[Ff][Rr][Ee][Ee] [Tt][Ee][Xx][Tt]%"],"q9":["nvarchar(4000)","%[Hh][Ee][Aa][Ll][Tt][Hh]%"]}

-- name:="GET /" OR name:GET*
((e.[name] IS NOT NULL AND e.[name] COLLATE Latin1_General_100_BIN2 LIKE @q0) OR (e.[name] IS NOT NULL AND e.[name] COLLATE Latin1_General_100_BIN2 LIKE @q1))
-- {"q0":["nvarchar(4000)","[Gg][Ee][Tt] /"],"q1":["nvarchar(4000)","[Gg][Ee][Tt]%"]}

-- message:"100% of_[a]\\"
(e.[message] IS NOT NULL AND e.[message] COLLATE Latin1_General_100_BIN2 LIKE @q0)
-- {"q0":["nvarchar(4000)","%100[%] [Oo][Ff][_][[][Aa]]\\%"]}

-- severity:>=warning success:false
((e.[severity] IS NOT NULL AND e.[severity] IN (@q0, @q1, @q2)) AND (e.[success] IS NOT NULL AND e.[success] = @q3))
-- {"q0":["varchar(16)","warning"],"q1":["varchar(16)","error"],"q2":["varchar(16)","critical"],"q3":["int",0]}

-- status:>=400 -(status:404 OR status:"5xx")
((e.[code] IS NOT NULL AND LEN(e.[code]) BETWEEN 1 AND 9 AND e.[code] COLLATE Latin1_General_100_BIN2 NOT LIKE '%[^0-9]%' AND TRY_CAST(e.[code] AS int) >= @q0) AND NOT (((e.[code] IS NOT NULL AND e.[code] COLLATE Latin1_General_100_BIN2 LIKE @q1) OR (e.[code] IS NOT NULL AND e.[code] COLLATE Latin1_General_100_BIN2 LIKE @q2))))
-- {"q0":["int",400],"q1":["nvarchar(4000)","404"],"q2":["nvarchar(4000)","5[Xx][Xx]"]}

-- properties.tenant:acme properties."a \"key\"":*
((e.[properties] IS NOT NULL AND EXISTS (SELECT 1 FROM OPENJSON(e.[properties]) AS j WHERE j.[key] COLLATE Latin1_General_100_BIN2 LIKE @q0 AND j.[value] COLLATE Latin1_General_100_BIN2 LIKE @q1)) AND (e.[properties] IS NOT NULL AND EXISTS (SELECT 1 FROM OPENJSON(e.[properties]) AS j WHERE j.[key] COLLATE Latin1_General_100_BIN2 LIKE @q2 AND j.[value] IS NOT NULL)))
-- {"q0":["nvarchar(4000)","tenant"],"q1":["nvarchar(4000)","[Aa][Cc][Mm][Ee]"],"q2":["nvarchar(4000)","a \"key\""]}

-- measurements.items:1..3 value:<=-1.5 count:>1
((e.[measurements] IS NOT NULL AND EXISTS (SELECT 1 FROM OPENJSON(e.[measurements]) AS j WHERE j.[key] COLLATE Latin1_General_100_BIN2 LIKE @q0 AND TRY_CAST(j.[value] AS float) >= @q1 AND TRY_CAST(j.[value] AS float) <= @q2)) AND (e.[value] IS NOT NULL AND e.[value] <= @q3) AND (e.[weight] IS NOT NULL AND e.[weight] > @q4))
-- {"q0":["nvarchar(4000)","items"],"q1":["float",1],"q2":["float",3],"q3":["float",-1.5],"q4":["float",1]}

-- user:*'; operation:a*b
((e.[user] IS NOT NULL AND e.[user] COLLATE Latin1_General_100_BIN2 LIKE @q0) AND (e.[operation_id] IS NOT NULL AND e.[operation_id] COLLATE Latin1_General_100_BIN2 LIKE @q1))
-- {"q0":["nvarchar(4000)","%';"],"q1":["nvarchar(4000)","[Aa]%[Bb]"]}
