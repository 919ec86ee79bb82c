/** Names of tables and columns, from the operator and into statements. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';

type Kind = 'sqlite' | 'sqlserver';

/** A name as a statement takes it, whatever is in it. The only way of a name from outside into a text. */
export function quoteName(kind: Kind, name: string): string {
  return kind === 'sqlite' ? `"${name.replaceAll('"', '""')}"` : `[${name.replaceAll(']', ']]')}]`;
}

/** A text as a statement takes it: for what cannot be a parameter. */
export function quoteText(kind: Kind, text: string): string {
  return `${kind === 'sqlite' ? '' : 'N'}'${text.replaceAll("'", "''")}'`;
}

export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

/** A part of a name: in brackets or quotes anything, else up to a dot. */
const PART = /\[((?:[^\]]|\]\])+)\]|"((?:[^"]|"")+)"|([^.[\]"]+)/y;

/** Reads `table`, `schema.table`, and both in brackets or double quotes where a dot is in them. */
export function parseTableName(written: string): Result<TableName, Failure> {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    PART.lastIndex = at;
    const [whole, bracketed, quoted, plain] = PART.exec(written) ?? [];
    if (whole === undefined) return notAName(written);
    parts.push(bracketed?.replaceAll(']]', ']') ?? quoted?.replaceAll('""', '"') ?? plain ?? '');
    at += whole.length;
    if (at === written.length) break;
    if (written[at] !== '.') return notAName(written);
    at += 1;
  }
  const [first = '', second, ...more] = parts;
  if (more.length > 0) return notAName(written);
  return ok(second === undefined ? { name: first } : { schema: first, name: second });
}

function notAName(written: string): Result<never, Failure> {
  const message = `${JSON.stringify(written)} is no name of a table: TABLE or SCHEMA.TABLE, each in brackets where a dot is in it.`;
  return err({ kind: 'usage', message });
}

/** Reads `time,user`: columns of a key. */
export function parseColumns(written: string): readonly string[] {
  return written
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
