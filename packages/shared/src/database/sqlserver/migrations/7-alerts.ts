import type { SqlServerMigration } from '../migrate.ts';

export const ALERTS: SqlServerMigration = {
  version: 7,
  name: 'alerts',
  statements: [
    `CREATE TABLE dbo.scorpiox_alert_rule (
  id varchar(64) NOT NULL PRIMARY KEY,
  [at] bigint NOT NULL,
  body nvarchar(max) NOT NULL
);`,
    `CREATE TABLE dbo.scorpiox_alert_state (
  id varchar(64) NOT NULL PRIMARY KEY,
  body nvarchar(max) NOT NULL
);`,
    `CREATE TABLE dbo.scorpiox_alert_history (
  [at] bigint NOT NULL,
  id varchar(64) NOT NULL,
  body nvarchar(max) NOT NULL,
  PRIMARY KEY ([at], id)
);`,
    `CREATE TABLE dbo.scorpiox_alert_delivery (
  id varchar(64) NOT NULL PRIMARY KEY,
  [at] bigint NOT NULL,
  due_at bigint NULL,
  body nvarchar(max) NOT NULL
);`,
    `CREATE INDEX scorpiox_alert_delivery_by_time ON dbo.scorpiox_alert_delivery ([at]);`,
    `CREATE INDEX scorpiox_alert_delivery_due ON dbo.scorpiox_alert_delivery (due_at);`,
    `CREATE TABLE dbo.scorpiox_lease (
  [name] varchar(64) NOT NULL PRIMARY KEY,
  holder varchar(64) NOT NULL,
  expires_at bigint NOT NULL
);`,
    `INSERT INTO dbo.scorpiox_lease ([name], holder, expires_at) VALUES ('alerts', '', 0);`,
  ],
};
