// Apart from the other exports, because the driver behind it takes long to load and only a SQL Server needs it.
export { bringServerUp } from './bring-up.ts';
export { SqlServerError } from './errors.ts';
export { takeLock } from './lock.ts';
export { type Pause, withRetries } from './retry.ts';
export { makeSessions, type SqlServerLocation } from './sessions.ts';
export {
  type Cell,
  type ColumnType,
  hex,
  type Load,
  number,
  optionalNumber,
  type Row,
  type Run,
  type Sessions,
  type Statement,
  text,
} from './statement.ts';
