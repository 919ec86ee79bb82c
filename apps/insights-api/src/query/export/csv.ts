import type { EventRecord } from '@scorpiox/shared/contract';

/** The columns of an export, in order. */
const COLUMNS = [
  ...['time', 'app', 'kind', 'name', 'durationMs', 'success', 'code', 'severity', 'message', 'user', 'session'],
  ...['operationId', 'id', 'parentId', 'traceId', 'spanId', 'instance', 'version', 'value', 'unit', 'count'],
  ...['properties', 'measurements', 'receivedAt', 'hash'],
] as const satisfies readonly (keyof EventRecord)[];

export const CSV_HEADER = `${COLUMNS.join(',')}\r\n`;

/** An event as a line of CSV (RFC 4180); maps are JSON. */
export const toCsvLine = (event: EventRecord): string =>
  `${COLUMNS.map((column) => toCell(event[column])).join(',')}\r\n`;

/**
 * What spreadsheets take for a formula where a cell begins so: `=`, `+`, `-`, `@` and their wide forms, and blanks that
 * they cut before they look. Senders choose texts, and whoever opens an export must not run them.
 */
const FORMULA = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n]/;

/** One cell. A text that could be a formula gets an apostrophe before it; numbers are ours and stay. */
export function toCell(value: EventRecord[keyof EventRecord]): string {
  if (value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
