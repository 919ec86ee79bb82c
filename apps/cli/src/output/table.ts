import type { Fields } from './fields.ts';
import { visibleLine } from './visible.ts';

/** A table with a line of headings; nothing where there is nothing. */
export function table(records: readonly Fields[]): string {
  const [first] = records;
  if (first === undefined) return '';
  const rows = [Object.keys(first), ...records.map((fields) => Object.values(fields).map(shown))];
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, at) => Math.max(known[at] ?? 0, cell.length)),
    [],
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** One thing, a labelled line for each field. */
export function block(fields: Fields): string {
  const width = Math.max(0, ...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .map(([name, value]) => `${`${name.padEnd(width)}  ${shown(value)}`.trimEnd()}\n`)
    .join('');
}

/** Control characters of a value must not drive somebody's terminal: they are shown as JSON would. */
const shown = (value: Fields[string]): string => visibleLine(String(value ?? ''));
