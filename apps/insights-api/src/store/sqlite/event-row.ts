import type { StatementSync } from 'node:sqlite';
import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import { timeOf } from '../deleted-span.ts';
import type { IdentifiedEvent } from '../port.ts';

type Column = string | number | Uint8Array | null;

const json = (map: object | undefined): string | null => (map === undefined ? null : JSON.stringify(map));
const flag = (value: boolean | undefined): number | null => (value === undefined ? null : Number(value));

/** The columns of `events` in order, each with its value. */
const COLUMNS: readonly (readonly [string, (event: ParsedEvent) => Column])[] = [
  ['time', timeOf],
  ['time_ns', (event) => event.timeNs ?? null],
  ['kind', (event) => event.kind],
  ['name', (event) => event.name],
  ['id', (event) => event.id ?? null],
  ['weight', (event) => event.weight],
  ['duration_ms', (event) => event.durationMs ?? null],
  ['duration_us', (event) => event.durationUs ?? null],
  ['success', (event) => flag(event.success)],
  ['code', (event) => event.code ?? null],
  ['operation_id', (event) => event.operationId ?? null],
  ['parent_id', (event) => event.parentId ?? null],
  ['trace_id', (event) => event.traceId ?? null],
  ['span_id', (event) => event.spanId ?? null],
  ['message', (event) => event.message ?? null],
  ['severity', (event) => event.severity ?? null],
  ['value', (event) => event.value ?? null],
  ['unit', (event) => event.unit ?? null],
  ['user', (event) => event.user ?? null],
  ['session', (event) => event.session ?? null],
  ['instance', (event) => event.instance ?? null],
  ['version', (event) => event.version ?? null],
  ['properties', (event) => json(event.properties)],
  ['measurements', (event) => json(event.measurements)],
  ['metric', (event) => json(event.metric)],
];

const names = ['app_id', 'hash', 'received_at', ...COLUMNS.map(([name]) => name)];

/**
 * One row, unless its key is there. ON CONFLICT DO NOTHING names the key: OR IGNORE would also swallow NOT NULL and
 * CHECK failures. Whether the row went in is told by the number of changes, which is this statement's own; RETURNING
 * would tell it too, at twice the cost of the whole insert.
 */
export const INSERT_EVENT = `INSERT INTO events (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
  ON CONFLICT (app_id, time, hash) DO NOTHING`;

/** Whether the event went in; false when it was there already. */
export function insertEvent(
  statement: StatementSync,
  appId: number,
  receivedAt: number,
  { event, hash }: IdentifiedEvent,
): boolean {
  const values: Column[] = [appId, hash, receivedAt];
  for (const [, value] of COLUMNS) values.push(value(event));
  return Number(statement.run(...values).changes) === 1;
}
