import { visible } from './visible.ts';

/**
 * Tabs, line ends and backslashes inside a value are written as `\t`, `\n`, `\r` and `\\`: a line stays a line. So are other
 * control characters, as `\u001b`: what goes through a pipe often ends on a terminal.
 */
export function tsvLine(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map((value) => escapeTsv(String(value ?? ''))).join('\t')}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escapeTsv = (text: string): string =>
  visible(text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character));
