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
  TokenRecord,
} from './control.ts';
export type { DatabaseError, DatabaseErrorCode } from './errors.ts';
export { NAME_LENGTH } from './limits.ts';
export { type ControlOptions, connectionString, openControl } from './open-control.ts';
export { type Backup, backUpDatabase, unfinishedBackup } from './sqlite/backup.ts';
export { inTransaction, openConnection } from './sqlite/connection.ts';
export { isTransient } from './transient.ts';
