import { type InsightsTable, serverName, table } from './insights-table.ts';

/** Minutes, hours and days: what stands before the name of a table on SQLite, and behind it on a SQL Server. */
const RESOLUTIONS = [
  ['', ''],
  ['hour_', '_hour'],
  ['day_', '_day'],
] as const;

const byResolution = (make: (prefix: string, suffix: string) => InsightsTable): readonly InsightsTable[] =>
  RESOLUTIONS.map(([prefix, suffix]) => make(prefix, suffix));

const lowerCaseName = { server: 'name_key', serverType: 'varchar(64)', for: 'name', how: 'lower-case' } as const;
const nameHash = { server: 'name_hash', serverType: 'binary(16)', for: 'name', how: 'hash' } as const;

const TIMED =
  'count float, failures float, timed float, sum_us float, min_us bigint, max_us bigint, latency varbinary(max)';
const SIGN_IN = 'hash binary(32), user nvarchar(256), role varchar(8), expires_at bigint';

/** What people have set up. Rows refer to applications, so those come first. */
const CONTROL: readonly InsightsTable[] = [
  table('apps', 'app', {
    key: 'id',
    isIdentity: true,
    standIn: lowerCaseName,
    columns: 'id int, name nvarchar(64), created_at bigint, retention_days int, apdex_ms int',
  }),
  table('ingest_keys', 'key', {
    key: 'key',
    columns: 'key varchar(36), app_id int, rate_limit int, created_at bigint, revoked_at bigint',
  }),
  table('tokens', 'token', {
    key: 'hash',
    standIn: lowerCaseName,
    columns: 'hash binary(32), name nvarchar(64), role varchar(8), created_at bigint',
  }),
  table('sign_in_links', 'sign_in_link', { key: 'hash', columns: SIGN_IN }),
  table('sessions', 'session', { key: 'hash', columns: SIGN_IN }),
  table('views', 'view', {
    key: 'id',
    columns: 'id varchar(36), owner nvarchar(256), changed_at bigint, body nvarchar(max)',
  }),
];

const ALERTS: readonly InsightsTable[] = [
  table('alert_rules', 'alert_rule', { key: 'id', columns: 'id varchar(64), at bigint, body nvarchar(max)' }),
  table('alert_states', 'alert_state', { key: 'id', columns: 'id varchar(64), body nvarchar(max)' }),
  table('alert_history', 'alert_history', {
    key: 'at id',
    along: 'at',
    columns: 'at bigint, id varchar(64), body nvarchar(max)',
  }),
  table('alert_deliveries', 'alert_delivery', {
    key: 'id',
    columns: 'id varchar(64), at bigint, due_at bigint, body nvarchar(max)',
  }),
];

const EVENTS: readonly InsightsTable[] = [
  table('events', 'event', {
    key: 'app_id time hash',
    within: 'app_id',
    along: 'time',
    columns: `app_id int, time bigint, hash binary(16), kind varchar(16), name nvarchar(1024), id nvarchar(512),
      time_ns smallint, weight float, duration_ms int, duration_us bigint, success bit, code nvarchar(1024),
      operation_id nvarchar(1024), parent_id nvarchar(1024), trace_id nvarchar(64), span_id nvarchar(32),
      message nvarchar(max), severity varchar(16), value float, unit nvarchar(63), user nvarchar(1024),
      session nvarchar(64), instance nvarchar(256), version nvarchar(1024), properties nvarchar(max),
      measurements nvarchar(max), received_at bigint, metric nvarchar(max)`,
  }),
  table('deleted_events', 'deleted_event', { key: 'app_id', columns: 'app_id int, oldest bigint, newest bigint' }),
  table('app_counters', 'app_counter', {
    key: 'app_id',
    columns:
      'app_id int, received bigint, accepted bigint, duplicates bigint, sampled bigint, late bigint, last_seen bigint',
  }),
  table('app_rejections', 'app_rejection', {
    key: 'app_id reason',
    columns: 'app_id int, reason=what varchar(64), count bigint',
  }),
  table('app_adjustments', 'app_adjustment', {
    key: 'app_id what',
    columns: 'app_id int, what varchar(64), count bigint',
  }),
  table('call_ends', 'call_ends', {
    key: 'seq',
    along: 'seq',
    isIdentity: true,
    columns: 'seq bigint, stored_at bigint, ends varbinary(max)',
  }),
  table('call_ends_linked', 'call_ends_linked', { key: 'id', columns: 'id int, seq bigint' }),
];

const OPERATIONS: readonly InsightsTable[] = [
  ...byResolution((prefix, suffix) =>
    table(`${prefix}rollups`, `rollup${suffix}`, {
      key: 'app_id kind minute name',
      within: 'app_id kind',
      along: 'minute',
      standIn: nameHash,
      columns: `app_id int, kind varchar(16), minute int, name nvarchar(1024), count float, failures float, timed float,
        sum_us float, min_us bigint, max_us bigint`,
    }),
  ),
  ...byResolution((prefix, suffix) =>
    table(`${prefix}rollup_buckets`, `rollup${suffix}_bucket`, {
      key: 'app_id kind minute name bucket',
      within: 'app_id kind',
      along: 'minute',
      standIn: nameHash,
      namedBy: {
        sqlite: `${prefix}rollups`,
        server: serverName(`rollup${suffix}`),
        by: ['app_id', 'kind', 'minute', 'name'],
      },
      columns: 'app_id int, kind varchar(16), minute int, name nvarchar(1024), bucket smallint, count float',
    }),
  ),
];

const OVERVIEW: readonly InsightsTable[] = [
  ...byResolution((prefix, suffix) =>
    table(`${prefix}app_rollups`, `app_rollup${suffix}`, {
      key: 'app_id kind minute',
      within: 'app_id kind',
      along: 'minute',
      columns: `app_id int, kind varchar(16), minute int, ${TIMED}, failed_latency varbinary(max)`,
    }),
  ),
  table('app_hours', 'app_hours', {
    key: 'app_id minute',
    within: 'app_id',
    along: 'minute',
    columns: 'app_id int, minute int, requests varbinary(max), failures varbinary(max), exceptions varbinary(max)',
  }),
  table('exception_groups', 'exception_group', {
    key: 'app_id id',
    within: 'app_id',
    along: 'id',
    columns: `app_id int, id binary(16), type nvarchar(1024), place nvarchar(1024), first_seen bigint,
      last_seen bigint, newest_hash binary(16), first_stored bigint`,
  }),
  ...byResolution((prefix, suffix) =>
    table(`${prefix}exception_rollups`, `exception_rollup${suffix}`, {
      key: 'app_id minute id',
      within: 'app_id',
      along: 'minute',
      columns: 'app_id int, minute int, id binary(16), count float, users varbinary(max)',
    }),
  ),
  table('instances', 'instance', {
    key: 'app_id id',
    within: 'app_id',
    along: 'id',
    columns: `app_id int, id binary(16), instance nvarchar(256), version nvarchar(1024), first_seen bigint,
      last_seen bigint`,
  }),
  ...byResolution((prefix, suffix) =>
    table(`${prefix}instance_rollups`, `instance_rollup${suffix}`, {
      key: 'app_id minute id',
      within: 'app_id',
      along: 'minute',
      columns: 'app_id int, minute int, id binary(16), events float, requests float, failures float',
    }),
  ),
  table('dependency_targets', 'dependency_target', {
    key: 'app_id id',
    within: 'app_id',
    along: 'id',
    columns: `app_id int, id binary(16), name nvarchar(1024), type nvarchar(1024), target nvarchar(1024),
      last_seen bigint`,
  }),
  table('app_activity', 'app_activity', {
    key: 'app_id minute',
    within: 'app_id',
    along: 'minute',
    columns: 'app_id int, minute int, early int, late int',
  }),
  ...byResolution((prefix, suffix) =>
    table(`${prefix}edge_rollups`, `edge_rollup${suffix}`, {
      key: 'app_id minute from_app_id',
      within: 'app_id',
      along: 'minute',
      columns: `app_id int, minute int, from_app_id int, ${TIMED}`,
    }),
  ),
];

const METRICS: readonly InsightsTable[] = [
  table('metrics', 'metric', {
    key: 'app_id metric',
    within: 'app_id',
    along: 'metric',
    columns: 'app_id int, metric binary(16), name nvarchar(1024), unit nvarchar(63)',
  }),
  table('metric_series', 'metric_series', {
    key: 'app_id metric series',
    within: 'app_id metric',
    along: 'series',
    columns: `app_id int, metric binary(16), series binary(16), kind varchar(16), dimensions nvarchar(max),
      seen_at bigint`,
  }),
  table('metric_streams', 'metric_stream', {
    key: 'app_id stream',
    within: 'app_id',
    along: 'stream',
    columns: 'app_id int, stream binary(16), state nvarchar(max), seen_at bigint',
  }),
  table('metric_memories', 'metric_memory', { key: 'app_id', columns: 'app_id int, since bigint' }),
  ...byResolution((prefix, suffix) =>
    table(`${prefix}metric_rollups`, `metric_rollup${suffix}`, {
      key: 'app_id metric minute series',
      within: 'app_id metric',
      along: 'minute',
      columns: `app_id int, metric binary(16), minute int, series binary(16), points float, count float, summed float,
        sum float, ranged float, min float, max float, last float, last_time bigint`,
    }),
  ),
  ...byResolution((prefix, suffix) =>
    table(`${prefix}metric_buckets`, `metric_rollup${suffix}_bucket`, {
      key: 'app_id metric minute series low high',
      within: 'app_id metric',
      along: 'minute',
      columns: 'app_id int, metric binary(16), minute int, series binary(16), low int, high int, count float',
    }),
  ),
];

/**
 * Every table that is moved with an insights database: those that others refer to come first. What belongs to a database
 * itself is not among them: its migrations, the processes that work on it, their leases, its sizes, and how far spools were
 * shipped to it.
 */
export const INSIGHTS_TABLES: readonly InsightsTable[] = [
  ...CONTROL,
  ...ALERTS,
  ...EVENTS,
  ...OPERATIONS,
  ...OVERVIEW,
  ...METRICS,
];
