import { CommandFailed } from '../command.ts';
import type { Io } from '../io.ts';
import type { Fields } from './fields.ts';
import type { ListOptions, OutputOptions } from './options.ts';
import { block, table } from './table.ts';
import { tsvLine } from './tsv.ts';
import { visible } from './visible.ts';

type Out = Pick<Io, 'out' | 'stdoutIsTerminal'>;

/** Prints one thing: a labelled block on a terminal, one TSV line in a pipe, an object with `--json`. */
export async function printRecord(io: Out, fields: Fields, options: OutputOptions): Promise<void> {
  if (await printForPrograms(io, fields, options)) return;
  io.out(io.stdoutIsTerminal ? block(fields) : tsvLine(Object.values(fields)));
}

/** Prints several things of one kind: a table on a terminal, a TSV line each in a pipe, an array with `--json`. */
export async function printRecords(io: Out, all: readonly Fields[], options: ListOptions): Promise<void> {
  const records = all.slice(0, options.limit);
  if (await printForPrograms(io, records, options)) return;
  io.out(io.stdoutIsTerminal ? table(records) : records.map((fields) => tsvLine(Object.values(fields))).join(''));
}

/** Prints several things whose fields are long: a labelled block each on a terminal, otherwise as `printRecords`. */
export async function printBlocks(io: Out, records: readonly Fields[], options: OutputOptions): Promise<void> {
  const isForPeople = io.stdoutIsTerminal && options.json !== true && options.jq === undefined;
  if (isForPeople) io.out(records.map(block).join('\n'));
  else await printRecords(io, records, options);
}

/** Prints it as JSON or through jq where one of them was asked for; false where none was. */
export async function printForPrograms(io: Out, value: object, { json, jq }: OutputOptions): Promise<boolean> {
  if (jq !== undefined) {
    const found = await filtered(JSON.stringify(value), jq);
    io.out(io.stdoutIsTerminal ? visible(found) : found);
  } else if (json === true) io.out(`${jsonText(value)}\n`);
  else return false;
  return true;
}

/** JSON leaves DEL and C1 as they are, which drive some terminals: escaped, they are the same JSON. */
const jsonText = (value: object): string =>
  JSON.stringify(value).replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);

/**
 * What a jq filter makes of JSON. It is a megabyte of WebAssembly: loaded by those who ask for it.
 * Throws `CommandFailed` where the filter does not work.
 */
export async function filtered(json: string, filter: string): Promise<string> {
  const { runJq } = await import('./jq.ts');
  const result = await runJq(json, filter);
  if (!result.ok) throw new CommandFailed({ kind: 'usage', message: `The jq filter does not work: ${result.error}` });
  return result.value;
}
