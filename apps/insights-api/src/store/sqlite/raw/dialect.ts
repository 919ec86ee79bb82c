import type { Pattern } from '@scorpiox/shared/query-language';
import { type Dialect, EVENT } from '../../raw/predicate.ts';

type Parameters = Record<string, string | number | Uint8Array>;

/** SQLite's way to say a query. Collects the parameters as the condition is made. */
export class SqliteDialect implements Dialect {
  readonly parameters: Parameters = {};
  #count = 0;

  column(name: string): string {
    return `${EVENT}.${name}`;
  }

  /** LIKE takes A–Z for a–z, and nothing else for something else. */
  like(expression: string, pattern: Pattern, whole: boolean): string {
    const escaped = pattern.map((text) => text.replace(/[\\%_]/g, '\\$&')).join('%');
    return `${expression} LIKE ${this.#add(whole ? escaped : `%${escaped}%`)} ESCAPE '\\'`;
  }

  isCode(expression: string): string {
    return `length(${expression}) BETWEEN 1 AND 9 AND ${expression} NOT GLOB '*[^0-9]*'`;
  }

  codeNumber(expression: string): string {
    return `CAST(${expression} AS INTEGER)`;
  }

  number(_type: 'int' | 'bigint' | 'float', value: number): string {
    return this.#add(value);
  }

  word(value: string): string {
    return this.#add(value);
  }

  /** Most events lack the key: whether it stands in the text at all is found out without reading the JSON. */
  hasEntry(map: string, key: string, test: (value: string) => string): string {
    const written = this.#add(JSON.stringify(key));
    const entry = `SELECT 1 FROM json_each(${map}) AS j WHERE j.key = ${this.#add(key)} AND ${test('j.atom')}`;
    return `instr(${map}, ${written}) > 0 AND EXISTS (${entry})`;
  }

  entryNumber(value: string): string {
    return value;
  }

  #add(value: string | number): string {
    const name = `q${this.#count++}`;
    this.parameters[name] = value;
    return `@${name}`;
  }
}
