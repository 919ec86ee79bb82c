export type { AlertChange, AlertDelivery, AlertDocument, AlertEntry, AlertTables } from './alert-tables.ts';
export type {
  AppKey,
  AppRecord,
  AppRef,
  Control,
  KeyGrant,
  KeyRecord,
  KeyRequest,
  Principal,
  SizeSample,
  TokenRecord,
} from './control.ts';
export type { DatabaseError, DatabaseErrorCode } from './errors.ts';
export { LAST_BUCKET, mergeHistograms, packHistogram, unpackHistogram } from './histogram.ts';
export { NAME_LENGTH } from './limits.ts';
export type { MigrationProgress, MigrationWatch } from './migration-meter.ts';
export { MOVE_MARKS, whyTooNew } from './move-marks.ts';
export { type ControlOptions, connectionString, isBehind, openControl } from './open-control.ts';
export { readKey } from './settings.ts';
export { type Backup, backUpDatabase, unfinishedBackup } from './sqlite/backup.ts';
export { bringFileUp } from './sqlite/bring-up.ts';
export { inTransaction, openConnection } from './sqlite/connection.ts';
export { type CheckedCopy, copyChecked, exchangeDatabase } from './sqlite/exchange.ts';
export { type Inspected, inspectFile } from './sqlite/inspect.ts';
export type { Migration } from './sqlite/migrate.ts';
export { MIGRATIONS } from './sqlite/schema.ts';
export { isTransient } from './transient.ts';
export type { ViewRecord } from './views.ts';
