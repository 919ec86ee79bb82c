/** Tabs, line ends and backslashes inside a value are written as `\t`, `\n`, `\r` and `\\`: a line stays a line. */
export function tsvLine(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map((value) => escapeTsv(String(value ?? ''))).join('\t')}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escapeTsv = (text: string): string => text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
