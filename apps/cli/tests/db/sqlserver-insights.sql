-- rows of apps
SELECT t.[id] AS [id], t.[name] AS [name], t.[created_at] AS [created_at], t.[retention_days] AS [retention_days], t.[apdex_ms] AS [apdex_ms] FROM dbo.scorpiox_app AS t

-- rows of ingest_keys
SELECT t.[key] AS [key], t.[app_id] AS [app_id], t.[rate_limit] AS [rate_limit], t.[created_at] AS [created_at], t.[revoked_at] AS [revoked_at] FROM dbo.scorpiox_key AS t

-- rows of tokens
SELECT t.[hash] AS [hash], t.[name] AS [name], t.[role] AS [role], t.[created_at] AS [created_at] FROM dbo.scorpiox_token AS t

-- rows of sign_in_links
SELECT t.[hash] AS [hash], t.[user] AS [user], t.[role] AS [role], t.[expires_at] AS [expires_at] FROM dbo.scorpiox_sign_in_link AS t

-- rows of sessions
SELECT t.[hash] AS [hash], t.[user] AS [user], t.[role] AS [role], t.[expires_at] AS [expires_at] FROM dbo.scorpiox_session AS t

-- rows of views
SELECT t.[id] AS [id], t.[owner] AS [owner], t.[changed_at] AS [changed_at], t.[body] AS [body] FROM dbo.scorpiox_view AS t

-- rows of alert_rules
SELECT t.[id] AS [id], t.[at] AS [at], t.[body] AS [body] FROM dbo.scorpiox_alert_rule AS t

-- rows of alert_states
SELECT t.[id] AS [id], t.[body] AS [body] FROM dbo.scorpiox_alert_state AS t

-- rows of alert_history
SELECT t.[at] AS [at], t.[id] AS [id], t.[body] AS [body] FROM dbo.scorpiox_alert_history AS t

-- rows of alert_deliveries
SELECT t.[id] AS [id], t.[at] AS [at], t.[due_at] AS [due_at], t.[body] AS [body] FROM dbo.scorpiox_alert_delivery AS t

-- rows of events
SELECT t.[app_id] AS [app_id], t.[time] AS [time], t.[hash] AS [hash], t.[kind] AS [kind], t.[name] AS [name], t.[id] AS [id], t.[time_ns] AS [time_ns], t.[weight] AS [weight], t.[duration_ms] AS [duration_ms], t.[duration_us] AS [duration_us], t.[success] AS [success], t.[code] AS [code], t.[operation_id] AS [operation_id], t.[parent_id] AS [parent_id], t.[trace_id] AS [trace_id], t.[span_id] AS [span_id], t.[message] AS [message], t.[severity] AS [severity], t.[value] AS [value], t.[unit] AS [unit], t.[user] AS [user], t.[session] AS [session], t.[instance] AS [instance], t.[version] AS [version], t.[properties] AS [properties], t.[measurements] AS [measurements], t.[received_at] AS [received_at], t.[metric] AS [metric] FROM dbo.scorpiox_event AS t

-- rows of deleted_events
SELECT t.[app_id] AS [app_id], t.[oldest] AS [oldest], t.[newest] AS [newest] FROM dbo.scorpiox_deleted_event AS t

-- rows of app_counters
SELECT t.[app_id] AS [app_id], t.[received] AS [received], t.[accepted] AS [accepted], t.[duplicates] AS [duplicates], t.[sampled] AS [sampled], t.[late] AS [late], t.[last_seen] AS [last_seen] FROM dbo.scorpiox_app_counter AS t

-- rows of app_rejections
SELECT t.[app_id] AS [app_id], t.[what] AS [reason], t.[count] AS [count] FROM dbo.scorpiox_app_rejection AS t

-- rows of app_adjustments
SELECT t.[app_id] AS [app_id], t.[what] AS [what], t.[count] AS [count] FROM dbo.scorpiox_app_adjustment AS t

-- rows of call_ends
SELECT t.[seq] AS [seq], t.[stored_at] AS [stored_at], t.[ends] AS [ends] FROM dbo.scorpiox_call_ends AS t

-- rows of call_ends_linked
SELECT t.[id] AS [id], t.[seq] AS [seq] FROM dbo.scorpiox_call_ends_linked AS t

-- rows of rollups
SELECT t.[app_id] AS [app_id], t.[kind] AS [kind], t.[minute] AS [minute], t.[name] AS [name], t.[count] AS [count], t.[failures] AS [failures], t.[timed] AS [timed], t.[sum_us] AS [sum_us], t.[min_us] AS [min_us], t.[max_us] AS [max_us] FROM dbo.scorpiox_rollup AS t

-- rows of hour_rollups
SELECT t.[app_id] AS [app_id], t.[kind] AS [kind], t.[minute] AS [minute], t.[name] AS [name], t.[count] AS [count], t.[failures] AS [failures], t.[timed] AS [timed], t.[sum_us] AS [sum_us], t.[min_us] AS [min_us], t.[max_us] AS [max_us] FROM dbo.scorpiox_rollup_hour AS t

-- rows of day_rollups
SELECT t.[app_id] AS [app_id], t.[kind] AS [kind], t.[minute] AS [minute], t.[name] AS [name], t.[count] AS [count], t.[failures] AS [failures], t.[timed] AS [timed], t.[sum_us] AS [sum_us], t.[min_us] AS [min_us], t.[max_us] AS [max_us] FROM dbo.scorpiox_rollup_day AS t

-- rows of rollup_buckets
SELECT t.[app_id] AS [app_id], t.[kind] AS [kind], t.[minute] AS [minute], n.[name] AS [name], t.[bucket] AS [bucket], t.[count] AS [count] FROM dbo.scorpiox_rollup_bucket AS t JOIN dbo.scorpiox_rollup AS n ON n.[app_id] = t.[app_id] AND n.[kind] = t.[kind] AND n.[minute] = t.[minute] AND n.[name_hash] = t.[name_hash]

-- rows of hour_rollup_buckets
SELECT t.[app_id] AS [app_id], t.[kind] AS [kind], t.[minute] AS [minute], n.[name] AS [name], t.[bucket] AS [bucket], t.[count] AS [count] FROM dbo.scorpiox_rollup_hour_bucket AS t JOIN dbo.scorpiox_rollup_hour AS n ON n.[app_id] = t.[app_id] AND n.[kind] = t.[kind] AND n.[minute] = t.[minute] AND n.[name_hash] = t.[name_hash]

-- rows of day_rollup_buckets
SELECT t.[app_id] AS [app_id], t.[kind] AS [kind], t.[minute] AS [minute], n.[name] AS [name], t.[bucket] AS [bucket], t.[count] AS [count] FROM dbo.scorpiox_rollup_day_bucket AS t JOIN dbo.scorpiox_rollup_day AS n ON n.[app_id] = t.[app_id] AND n.[kind] = t.[kind] AND n.[minute] = t.[minute] AND n.[name_hash] = t.[name_hash]

-- rows of app_rollups
SELECT t.[app_id] AS [app_id], t.[kind] AS [kind], t.[minute] AS [minute], t.[count] AS [count], t.[failures] AS [failures], t.[timed] AS [timed], t.[sum_us] AS [sum_us], t.[min_us] AS [min_us], t.[max_us] AS [max_us], t.[latency] AS [latency], t.[failed_latency] AS [failed_latency] FROM dbo.scorpiox_app_rollup AS t

-- rows of hour_app_rollups
SELECT t.[app_id] AS [app_id], t.[kind] AS [kind], t.[minute] AS [minute], t.[count] AS [count], t.[failures] AS [failures], t.[timed] AS [timed], t.[sum_us] AS [sum_us], t.[min_us] AS [min_us], t.[max_us] AS [max_us], t.[latency] AS [latency], t.[failed_latency] AS [failed_latency] FROM dbo.scorpiox_app_rollup_hour AS t

-- rows of day_app_rollups
SELECT t.[app_id] AS [app_id], t.[kind] AS [kind], t.[minute] AS [minute], t.[count] AS [count], t.[failures] AS [failures], t.[timed] AS [timed], t.[sum_us] AS [sum_us], t.[min_us] AS [min_us], t.[max_us] AS [max_us], t.[latency] AS [latency], t.[failed_latency] AS [failed_latency] FROM dbo.scorpiox_app_rollup_day AS t

-- rows of app_hours
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[requests] AS [requests], t.[failures] AS [failures], t.[exceptions] AS [exceptions] FROM dbo.scorpiox_app_hours AS t

-- rows of exception_groups
SELECT t.[app_id] AS [app_id], t.[id] AS [id], t.[type] AS [type], t.[place] AS [place], t.[first_seen] AS [first_seen], t.[last_seen] AS [last_seen], t.[newest_hash] AS [newest_hash], t.[first_stored] AS [first_stored] FROM dbo.scorpiox_exception_group AS t

-- rows of exception_rollups
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[id] AS [id], t.[count] AS [count], t.[users] AS [users] FROM dbo.scorpiox_exception_rollup AS t

-- rows of hour_exception_rollups
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[id] AS [id], t.[count] AS [count], t.[users] AS [users] FROM dbo.scorpiox_exception_rollup_hour AS t

-- rows of day_exception_rollups
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[id] AS [id], t.[count] AS [count], t.[users] AS [users] FROM dbo.scorpiox_exception_rollup_day AS t

-- rows of instances
SELECT t.[app_id] AS [app_id], t.[id] AS [id], t.[instance] AS [instance], t.[version] AS [version], t.[first_seen] AS [first_seen], t.[last_seen] AS [last_seen] FROM dbo.scorpiox_instance AS t

-- rows of instance_rollups
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[id] AS [id], t.[events] AS [events], t.[requests] AS [requests], t.[failures] AS [failures] FROM dbo.scorpiox_instance_rollup AS t

-- rows of hour_instance_rollups
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[id] AS [id], t.[events] AS [events], t.[requests] AS [requests], t.[failures] AS [failures] FROM dbo.scorpiox_instance_rollup_hour AS t

-- rows of day_instance_rollups
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[id] AS [id], t.[events] AS [events], t.[requests] AS [requests], t.[failures] AS [failures] FROM dbo.scorpiox_instance_rollup_day AS t

-- rows of dependency_targets
SELECT t.[app_id] AS [app_id], t.[id] AS [id], t.[name] AS [name], t.[type] AS [type], t.[target] AS [target], t.[last_seen] AS [last_seen] FROM dbo.scorpiox_dependency_target AS t

-- rows of app_activity
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[early] AS [early], t.[late] AS [late] FROM dbo.scorpiox_app_activity AS t

-- rows of edge_rollups
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[from_app_id] AS [from_app_id], t.[count] AS [count], t.[failures] AS [failures], t.[timed] AS [timed], t.[sum_us] AS [sum_us], t.[min_us] AS [min_us], t.[max_us] AS [max_us], t.[latency] AS [latency] FROM dbo.scorpiox_edge_rollup AS t

-- rows of hour_edge_rollups
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[from_app_id] AS [from_app_id], t.[count] AS [count], t.[failures] AS [failures], t.[timed] AS [timed], t.[sum_us] AS [sum_us], t.[min_us] AS [min_us], t.[max_us] AS [max_us], t.[latency] AS [latency] FROM dbo.scorpiox_edge_rollup_hour AS t

-- rows of day_edge_rollups
SELECT t.[app_id] AS [app_id], t.[minute] AS [minute], t.[from_app_id] AS [from_app_id], t.[count] AS [count], t.[failures] AS [failures], t.[timed] AS [timed], t.[sum_us] AS [sum_us], t.[min_us] AS [min_us], t.[max_us] AS [max_us], t.[latency] AS [latency] FROM dbo.scorpiox_edge_rollup_day AS t

-- rows of metrics
SELECT t.[app_id] AS [app_id], t.[metric] AS [metric], t.[name] AS [name], t.[unit] AS [unit] FROM dbo.scorpiox_metric AS t

-- rows of metric_series
SELECT t.[app_id] AS [app_id], t.[metric] AS [metric], t.[series] AS [series], t.[kind] AS [kind], t.[dimensions] AS [dimensions], t.[seen_at] AS [seen_at] FROM dbo.scorpiox_metric_series AS t

-- rows of metric_streams
SELECT t.[app_id] AS [app_id], t.[stream] AS [stream], t.[state] AS [state], t.[seen_at] AS [seen_at] FROM dbo.scorpiox_metric_stream AS t

-- rows of metric_memories
SELECT t.[app_id] AS [app_id], t.[since] AS [since] FROM dbo.scorpiox_metric_memory AS t

-- rows of metric_rollups
SELECT t.[app_id] AS [app_id], t.[metric] AS [metric], t.[minute] AS [minute], t.[series] AS [series], t.[points] AS [points], t.[count] AS [count], t.[summed] AS [summed], t.[sum] AS [sum], t.[ranged] AS [ranged], t.[min] AS [min], t.[max] AS [max], t.[last] AS [last], t.[last_time] AS [last_time] FROM dbo.scorpiox_metric_rollup AS t

-- rows of hour_metric_rollups
SELECT t.[app_id] AS [app_id], t.[metric] AS [metric], t.[minute] AS [minute], t.[series] AS [series], t.[points] AS [points], t.[count] AS [count], t.[summed] AS [summed], t.[sum] AS [sum], t.[ranged] AS [ranged], t.[min] AS [min], t.[max] AS [max], t.[last] AS [last], t.[last_time] AS [last_time] FROM dbo.scorpiox_metric_rollup_hour AS t

-- rows of day_metric_rollups
SELECT t.[app_id] AS [app_id], t.[metric] AS [metric], t.[minute] AS [minute], t.[series] AS [series], t.[points] AS [points], t.[count] AS [count], t.[summed] AS [summed], t.[sum] AS [sum], t.[ranged] AS [ranged], t.[min] AS [min], t.[max] AS [max], t.[last] AS [last], t.[last_time] AS [last_time] FROM dbo.scorpiox_metric_rollup_day AS t

-- rows of metric_buckets
SELECT t.[app_id] AS [app_id], t.[metric] AS [metric], t.[minute] AS [minute], t.[series] AS [series], t.[low] AS [low], t.[high] AS [high], t.[count] AS [count] FROM dbo.scorpiox_metric_rollup_bucket AS t

-- rows of hour_metric_buckets
SELECT t.[app_id] AS [app_id], t.[metric] AS [metric], t.[minute] AS [minute], t.[series] AS [series], t.[low] AS [low], t.[high] AS [high], t.[count] AS [count] FROM dbo.scorpiox_metric_rollup_hour_bucket AS t

-- rows of day_metric_buckets
SELECT t.[app_id] AS [app_id], t.[metric] AS [metric], t.[minute] AS [minute], t.[series] AS [series], t.[low] AS [low], t.[high] AS [high], t.[count] AS [count] FROM dbo.scorpiox_metric_rollup_day_bucket AS t

-- rows of a range along bytes
SELECT t.[app_id] AS [app_id], t.[metric] AS [metric], t.[series] AS [series], t.[kind] AS [kind], t.[dimensions] AS [dimensions], t.[seen_at] AS [seen_at] FROM dbo.scorpiox_metric_series AS t WHERE t.[app_id] = CONVERT(int, @w0) AND t.[metric] = CONVERT(binary(16), @w1) AND t.[series] >= CONVERT(binary(16), @from) AND t.[series] < CONVERT(binary(16), @to)

-- rows counted
SELECT COUNT_BIG(*) AS n FROM dbo.scorpiox_event AS t WHERE t.[app_id] = CONVERT(int, @w0) AND t.[time] >= CONVERT(bigint, @from)

-- rows counted whose text stands elsewhere
SELECT COUNT_BIG(*) AS n FROM dbo.scorpiox_rollup_bucket AS t JOIN dbo.scorpiox_rollup AS n ON n.[app_id] = t.[app_id] AND n.[kind] = t.[kind] AND n.[minute] = t.[minute] AND n.[name_hash] = t.[name_hash] WHERE t.[app_id] = CONVERT(int, @w0) AND t.[kind] = CONVERT(varchar(16), @w1) AND t.[minute] >= CONVERT(int, @from) AND t.[minute] < CONVERT(int, @to)

-- where a range is cut
SELECT t.[minute] AS [at] FROM dbo.scorpiox_rollup_bucket AS t WHERE t.[app_id] = CONVERT(int, @w0) AND t.[kind] = CONVERT(varchar(16), @w1) AND t.[minute] >= CONVERT(int, @from) AND t.[minute] < CONVERT(int, @to) ORDER BY t.[minute] OFFSET 5000 ROWS FETCH NEXT 1 ROWS ONLY

-- where it is cut after equal places
SELECT t.[series] AS [at] FROM dbo.scorpiox_metric_series AS t WHERE t.[app_id] = CONVERT(int, @w0) AND t.[metric] = CONVERT(binary(16), @w1) AND t.[series] < CONVERT(binary(16), @to) AND t.[series] > CONVERT(binary(16), @after) ORDER BY t.[series] OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY

-- the first group
SELECT t.[app_id] AS value FROM dbo.scorpiox_metric_series AS t ORDER BY t.[app_id] OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY

-- the next group
SELECT t.[metric] AS value FROM dbo.scorpiox_metric_series AS t WHERE t.[app_id] = CONVERT(int, @w0) AND t.[metric] > CONVERT(binary(16), @after) ORDER BY t.[metric] OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY
