import type { Statement } from '@scorpiox/shared/database/sqlserver';
import type { Pattern } from '@scorpiox/shared/query-language';
import { type Dialect, EVENT } from '../../raw/predicate.ts';

type Parameters = NonNullable<Statement['parameters']>;
type Typed = Parameters[string];

/** Compares code units: no letter is another one, whatever the database's collation, and no blank is ignored by LIKE. */
const EXACT = 'COLLATE Latin1_General_100_BIN2';

/** SQL Server's way to say a query. Collects the parameters as the condition is made. */
export class SqlServerDialect implements Dialect {
  readonly parameters: Record<string, Typed> = {};
  #count = 0;

  column(name: string): string {
    return `${EVENT}.[${name}]`;
  }

  /** Each letter becomes a set of both cases, which is what SQLite's LIKE means. */
  like(expression: string, pattern: Pattern, whole: boolean): string {
    const either = pattern.map((text) => toLike(text).replace(/[A-Za-z]/g, bothCases)).join('%');
    return `${expression} ${EXACT} LIKE ${this.#text(whole ? either : `%${either}%`)}`;
  }

  isCode(expression: string): string {
    return `LEN(${expression}) BETWEEN 1 AND 9 AND ${expression} ${EXACT} NOT LIKE '%[^0-9]%'`;
  }

  /** TRY_CAST: the server may look at the number before it has looked whether it is one. */
  codeNumber(expression: string): string {
    return `TRY_CAST(${expression} AS int)`;
  }

  number(type: 'int' | 'bigint' | 'float', value: number): string {
    return this.#add([type, value]);
  }

  word(value: string): string {
    return this.#add(['varchar(16)', value]);
  }

  hasEntry(map: string, key: string, test: (value: string) => string): string {
    const isKey = `j.[key] ${EXACT} LIKE ${this.#text(toLike(key))}`;
    return `EXISTS (SELECT 1 FROM OPENJSON(${map}) AS j WHERE ${isKey} AND ${test('j.[value]')})`;
  }

  entryNumber(value: string): string {
    return `TRY_CAST(${value} AS float)`;
  }

  #text(value: string): string {
    return this.#add(['nvarchar(4000)', value]);
  }

  #add(parameter: Typed): string {
    const name = `q${this.#count++}`;
    this.parameters[name] = parameter;
    return `@${name}`;
  }
}

/** A text of which LIKE takes every character for itself. */
export const toLike = (text: string): string => text.replace(/[[%_]/g, '[$&]');

const bothCases = (letter: string): string => `[${letter.toUpperCase()}${letter.toLowerCase()}]`;
