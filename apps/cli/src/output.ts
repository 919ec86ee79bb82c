import type { Io } from './io.ts';

/** One named thing, its fields in the order in which they are shown. */
export type Fields = Readonly<Record<string, string | number | boolean | null>>;

export interface OutputOptions {
  readonly json: boolean;
}

/** Prints one thing: a labelled block on a terminal, one TSV line in a pipe, an object with `--json`. */
export function printRecord(io: Pick<Io, 'out' | 'stdoutIsTerminal'>, fields: Fields, options: OutputOptions): void {
  if (options.json) io.out(`${JSON.stringify(fields)}\n`);
  else if (io.stdoutIsTerminal) io.out(block(fields));
  else io.out(tsvLine(Object.values(fields)));
}

/** Prints several things of one kind: a table on a terminal, a TSV line each in a pipe, an array with `--json`. */
export function printRecords(
  io: Pick<Io, 'out' | 'stdoutIsTerminal'>,
  records: readonly Fields[],
  options: OutputOptions,
): void {
  if (options.json) io.out(`${JSON.stringify(records)}\n`);
  else if (io.stdoutIsTerminal) io.out(table(records));
  else io.out(records.map((fields) => tsvLine(Object.values(fields))).join(''));
}

function table(records: readonly Fields[]): string {
  const [first] = records;
  if (first === undefined) return '';
  const rows = [
    Object.keys(first),
    ...records.map((fields) => Object.values(fields).map((value) => String(value ?? ''))),
  ];
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

function block(fields: Fields): string {
  const names = Object.keys(fields);
  const width = Math.max(0, ...names.map((name) => name.length));
  return Object.entries(fields)
    .map(([name, value]) => `${name.padEnd(width)}  ${value ?? ''}\n`)
    .join('');
}

/** Tabs, line ends and backslashes inside a value are written as `\t`, `\n`, `\r` and `\\`: a line stays a line. */
function tsvLine(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map((value) => escapeTsv(String(value ?? ''))).join('\t')}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escapeTsv = (text: string): string => text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
