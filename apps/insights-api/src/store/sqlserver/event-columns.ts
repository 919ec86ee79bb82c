import type { ColumnType } from '@scorpiox/shared/database/sqlserver';
import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import { timeOf } from '../deleted-span.ts';

type Value = string | number | undefined;

/** As OPENJSON reads it. */
type JsonType = ColumnType | `varchar(${number})`;

/** A column of `dbo.scorpiox_event`: its name, its type as OPENJSON reads it, and its value. */
export type EventColumn = readonly [name: string, type: JsonType, value: (event: ParsedEvent) => Value];

const json = (map: object | undefined): Value => (map === undefined ? undefined : JSON.stringify(map));
const flag = (value: boolean | undefined): Value => (value === undefined ? undefined : Number(value));

/** The columns that an event fills by itself; application, hash and time of receipt stand beside them. */
export const EVENT_COLUMNS: readonly EventColumn[] = [
  ['time', 'bigint', timeOf],
  ['time_ns', 'smallint', (event) => event.timeNs],
  ['kind', 'varchar(16)', (event) => event.kind],
  ['name', 'nvarchar(1024)', (event) => event.name],
  ['id', 'nvarchar(512)', (event) => event.id],
  ['weight', 'float', (event) => event.weight],
  ['duration_ms', 'int', (event) => event.durationMs],
  ['duration_us', 'bigint', (event) => event.durationUs],
  ['success', 'bit', (event) => flag(event.success)],
  ['code', 'nvarchar(1024)', (event) => event.code],
  ['operation_id', 'nvarchar(1024)', (event) => event.operationId],
  ['parent_id', 'nvarchar(1024)', (event) => event.parentId],
  ['trace_id', 'nvarchar(64)', (event) => event.traceId],
  ['span_id', 'nvarchar(32)', (event) => event.spanId],
  ['message', 'nvarchar(max)', (event) => event.message],
  ['severity', 'varchar(16)', (event) => event.severity],
  ['value', 'float', (event) => event.value],
  ['unit', 'nvarchar(63)', (event) => event.unit],
  ['user', 'nvarchar(1024)', (event) => event.user],
  ['session', 'nvarchar(64)', (event) => event.session],
  ['instance', 'nvarchar(256)', (event) => event.instance],
  ['version', 'nvarchar(1024)', (event) => event.version],
  ['properties', 'nvarchar(max)', (event) => json(event.properties)],
  ['measurements', 'nvarchar(max)', (event) => json(event.measurements)],
  ['metric', 'nvarchar(max)', (event) => json(event.metric)],
];

/** The same type in a bulk load: a text in the code page of a collation is one more thing that both sides must agree on. */
export const loadedType = (type: JsonType): ColumnType =>
  // A varchar of a length becomes an nvarchar of the same.
  (type.startsWith('varchar') ? `n${type}` : type) as ColumnType;
