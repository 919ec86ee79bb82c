import { IMPORT_FIELDS, type ImportField, type ImportRequest } from '@scorpiox/shared/contract';
import { err, ok, type Result } from '@scorpiox/shared/result';

/** Which columns are read, and what each field is taken from. */
export interface ColumnMap {
  /** Every column that is read, once. */
  readonly columns: readonly string[];
  /** Places in `columns`. */
  readonly fields: Readonly<Partial<Record<ImportField, number>>>;
  readonly properties: readonly { readonly name: string; readonly place: number }[];
  /** Columns of the table that nothing is read from. */
  readonly ignored: readonly string[];
}

export interface ColumnProblem {
  readonly field: string;
  readonly message: string;
}

/**
 * Usual names, best first, without case. There is none for `id`: in old tables `Id` numbers the rows, and with it as the
 * event's identity no duplicate would be one.
 */
const USUAL: Readonly<Record<ImportField, readonly string[]>> = {
  time: ['Timestamp', 'Time', 'EventTime', 'TimestampUtc', 'StartTime', 'CreatedAt'],
  name: ['Name', 'OperationName', 'Operation', 'EventName'],
  app: ['AppName', 'App', 'Application', 'ApplicationName', 'AppRoleName', 'CloudRoleName'],
  kind: ['Kind', 'ItemType', 'TelemetryType'],
  duration: ['Duration', 'DurationText', 'DurationMs'],
  success: ['Success', 'Succeeded', 'IsSuccess'],
  code: ['ResultCode', 'ResponseCode', 'StatusCode', 'Code'],
  id: [],
  operationId: ['OperationId', 'Operation_Id'],
  parentId: ['ParentId', 'OperationParentId', 'Operation_ParentId'],
  message: ['Message'],
  severity: ['Severity', 'SeverityLevel'],
  value: ['Value'],
  unit: ['Unit'],
  user: ['UserId', 'User_Id', 'User'],
  session: ['SessionId', 'Session_Id', 'Session'],
  instance: ['RoleInstance', 'AppRoleInstance', 'Instance', 'MachineName'],
  version: ['AppVersion', 'ApplicationVersion', 'Version'],
  count: ['ItemCount'],
};

/** Finds the column of every field: the one that the request names, else one of a usual name. */
export function mapColumns(
  request: ImportRequest,
  table: readonly string[],
  key: string,
): Result<ColumnMap, ColumnProblem> {
  const there = new Map(table.map((name) => [name.toLowerCase(), name]));
  const wanted = [
    ...Object.entries(request.columns ?? {}).map(([field, column]) => ({ field: `columns.${field}`, column })),
    ...(request.properties ?? []).map((column) => ({ field: 'properties', column })),
  ];
  const missing = wanted.find(({ column }) => !there.has(column.toLowerCase()));
  if (missing !== undefined) {
    const message = `${request.table} has no column ${missing.column}; it has ${table.join(', ')}.`;
    return err({ field: missing.field, message });
  }
  const builder = new MapBuilder();
  for (const field of IMPORT_FIELDS) {
    const named = request.columns?.[field];
    // An application that the request names is that of all rows.
    const usual = field === 'app' && request.app !== undefined ? [] : USUAL[field];
    const column = (named === undefined ? usual.filter((name) => !sameName(name, key)) : [named])
      .map((name) => there.get(name.toLowerCase()))
      .find((name) => name !== undefined);
    if (column !== undefined) builder.addField(field, column);
  }
  for (const column of request.properties ?? []) builder.addProperty(there.get(column.toLowerCase()) ?? column);
  return check(request, builder.build(table, key), table);
}

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function check(request: ImportRequest, map: ColumnMap, table: readonly string[]): Result<ColumnMap, ColumnProblem> {
  const required = (['time', 'name', 'app'] as const).filter((field) => field !== 'app' || request.app === undefined);
  const field = required.find((name) => map.fields[name] === undefined);
  if (field === undefined) return ok(map);
  const message = `No column of ${request.table} bears a usual name for ${field}: say which it is as columns.${field}. It has ${table.join(', ')}.`;
  return err({ field: `columns.${field}`, message });
}

class MapBuilder {
  readonly #columns: string[] = [];
  readonly #fields: Partial<Record<ImportField, number>> = {};
  readonly #properties: { readonly name: string; readonly place: number }[] = [];

  addField(field: ImportField, column: string): void {
    this.#fields[field] = this.#place(column);
  }

  addProperty(column: string): void {
    this.#properties.push({ name: column, place: this.#place(column) });
  }

  build(table: readonly string[], key: string): ColumnMap {
    const ignored = table.filter((name) => !this.#columns.includes(name) && !sameName(name, key));
    return { columns: this.#columns, fields: this.#fields, properties: this.#properties, ignored };
  }

  #place(column: string): number {
    const place = this.#columns.indexOf(column);
    return place === -1 ? this.#columns.push(column) - 1 : place;
  }
}
