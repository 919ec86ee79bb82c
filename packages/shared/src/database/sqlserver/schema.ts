import type { SqlServerMigration } from './migrate.ts';

/**
 * The insights database on SQL Server, version by version. A migration that has been released never changes: a later one
 * mends it. The tables are those of the embedded database (../sqlite/schema.ts) but for what follows from the server:
 *
 * - Texts compare by the database's collation, without regard to blanks at the end, and an index key holds 900 bytes. So
 *   where a text is a key it is a short one in lower case (`name_key`, reasons), or its hash stands for it (`name_hash`:
 *   the first 16 bytes of the SHA-256 of its UTF-8).
 * - The key of events is a plain unique index with IGNORE_DUP_KEY, because a constraint's option could not be altered.
 *
 * Times of events are microseconds since 1970, other times milliseconds; minutes are whole minutes since 1970.
 */
export const MIGRATIONS: readonly SqlServerMigration[] = [
  {
    version: 1,
    name: 'applications, keys, tokens, sessions',
    statements: [
      `CREATE TABLE dbo.scorpiox_app (
  id int IDENTITY(1,1) NOT NULL PRIMARY KEY,
  [name] nvarchar(64) NOT NULL,
  name_key varchar(64) NOT NULL UNIQUE,
  created_at bigint NOT NULL
);`,
      `CREATE TABLE dbo.scorpiox_ingest_key (
  [key] varchar(36) NOT NULL PRIMARY KEY,
  app_id int NOT NULL REFERENCES dbo.scorpiox_app (id),
  created_at bigint NOT NULL
);`,
      `CREATE INDEX scorpiox_ingest_key_by_app ON dbo.scorpiox_ingest_key (app_id, created_at);`,
      `CREATE TABLE dbo.scorpiox_token (
  [hash] binary(32) NOT NULL PRIMARY KEY,
  [name] nvarchar(64) NOT NULL,
  name_key varchar(64) NOT NULL UNIQUE,
  [role] varchar(8) NOT NULL CHECK ([role] IN ('viewer', 'admin')),
  created_at bigint NOT NULL
);`,
      signInTable('scorpiox_sign_in_link'),
      signInTable('scorpiox_session'),
    ],
  },
  {
    version: 2,
    name: 'events, rollups, counters',
    statements: [
      `CREATE TABLE dbo.scorpiox_event (
  app_id int NOT NULL,
  [time] bigint NOT NULL,
  [hash] binary(16) NOT NULL,
  kind varchar(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  id nvarchar(512) NULL,
  time_ns smallint NULL,
  [weight] float NOT NULL,
  duration_ms int NULL,
  duration_us bigint NULL,
  success bit NULL,
  code nvarchar(1024) NULL,
  operation_id nvarchar(1024) NULL,
  parent_id nvarchar(1024) NULL,
  trace_id nvarchar(64) NULL,
  span_id nvarchar(32) NULL,
  [message] nvarchar(max) NULL,
  severity varchar(16) NULL,
  [value] float NULL,
  unit nvarchar(63) NULL,
  [user] nvarchar(1024) NULL,
  [session] nvarchar(64) NULL,
  instance nvarchar(256) NULL,
  [version] nvarchar(1024) NULL,
  properties nvarchar(max) NULL,
  measurements nvarchar(max) NULL,
  received_at bigint NOT NULL
);`,
      `CREATE TABLE dbo.scorpiox_rollup (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash)
);`,
      `CREATE TABLE dbo.scorpiox_rollup_bucket (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  bucket smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash, bucket)
);`,
      `CREATE TABLE dbo.scorpiox_app_counter (
  app_id int NOT NULL PRIMARY KEY,
  received bigint NOT NULL,
  accepted bigint NOT NULL,
  duplicates bigint NOT NULL,
  sampled bigint NOT NULL,
  late bigint NOT NULL,
  last_seen bigint NULL
);`,
      tallyTable('scorpiox_app_rejection'),
      tallyTable('scorpiox_app_adjustment'),
    ],
  },
  {
    version: 3,
    name: 'the identity of events',
    statements: [
      `CREATE UNIQUE CLUSTERED INDEX scorpiox_event_identity ON dbo.scorpiox_event (app_id, [time], [hash]) WITH (IGNORE_DUP_KEY = ON);`,
    ],
    portable: [`CREATE UNIQUE INDEX scorpiox_event_identity ON dbo.scorpiox_event (app_id, [time], [hash]);`],
  },
  {
    version: 4,
    name: 'rollups of hours and days',
    statements: [...coarserRollups('scorpiox_rollup_hour', 60), ...coarserRollups('scorpiox_rollup_day', 24 * 60)],
  },
  {
    version: 5,
    name: 'shared and revoked keys, limits of keys, retention',
    statements: [
      `ALTER TABLE dbo.scorpiox_app ADD retention_days int NULL;`,
      // A new table, since a column that an index holds cannot be made nullable. A key without an application is a shared one.
      `CREATE TABLE dbo.scorpiox_key (
  [key] varchar(36) NOT NULL PRIMARY KEY,
  app_id int NULL REFERENCES dbo.scorpiox_app (id),
  rate_limit int NULL,
  created_at bigint NOT NULL,
  revoked_at bigint NULL
);`,
      `CREATE INDEX scorpiox_key_by_app ON dbo.scorpiox_key (app_id, created_at);`,
      `INSERT INTO dbo.scorpiox_key ([key], app_id, created_at)
SELECT [key], app_id, created_at FROM dbo.scorpiox_ingest_key;`,
      `DROP TABLE dbo.scorpiox_ingest_key;`,
    ],
  },
  {
    version: 6,
    name: 'how far spools are shipped',
    statements: [
      `CREATE TABLE dbo.scorpiox_spool (
  lineage varchar(36) NOT NULL PRIMARY KEY,
  shipped bigint NOT NULL,
  shipped_at bigint NOT NULL
);`,
    ],
  },
];

function signInTable(table: string): string {
  return `CREATE TABLE dbo.${table} (
  [hash] binary(32) NOT NULL PRIMARY KEY,
  [user] nvarchar(256) NOT NULL,
  [role] varchar(8) NOT NULL CHECK ([role] IN ('viewer', 'admin')),
  expires_at bigint NOT NULL
);`;
}

function tallyTable(table: string): string {
  return `CREATE TABLE dbo.${table} (
  app_id int NOT NULL,
  what varchar(64) NOT NULL,
  [count] bigint NOT NULL,
  PRIMARY KEY (app_id, what)
);`;
}

/** The rollups of minutes once more, by longer lengths of time: `minute` is the first one of the hour or day. */
function coarserRollups(table: string, minutes: number): readonly string[] {
  const start = `[minute] - [minute] % ${minutes}`;
  return [
    `CREATE TABLE dbo.${table} (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash)
);`,
    `INSERT INTO dbo.${table} (app_id, kind, [minute], name_hash, [name], [count], failures, timed, sum_us, min_us, max_us)
SELECT app_id, kind, ${start}, name_hash, MIN([name]), SUM([count]), SUM(failures), SUM(timed), SUM(sum_us), MIN(min_us), MAX(max_us)
FROM dbo.scorpiox_rollup
GROUP BY app_id, kind, ${start}, name_hash;`,
    `CREATE TABLE dbo.${table}_bucket (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  bucket smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash, bucket)
);`,
    `INSERT INTO dbo.${table}_bucket (app_id, kind, [minute], name_hash, bucket, [count])
SELECT app_id, kind, ${start}, name_hash, bucket, SUM([count])
FROM dbo.scorpiox_rollup_bucket
GROUP BY app_id, kind, ${start}, name_hash, bucket;`,
  ];
}
