import { SqlServerError } from './errors.ts';
import type { Row, Sessions, Statement } from './statement.ts';

/** What the methods of the control side work with. */
export interface Tools {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The rows that a statement which only reads gives; asked again where the connection was lost. */
  readonly list: (statement: Statement) => Promise<readonly Row[]>;
  /** The first row that a statement gives, in a transaction of its own. Never repeated: its first answer may have been lost. */
  readonly write: (statement: Statement) => Promise<Row | undefined>;
  /** Several statements at once. Never repeated, as `write`. */
  readonly transaction: Sessions['transaction'];
}

/** Names are ASCII (`checkName`), so lower case is the same everywhere, whatever the database's collation. */
export const nameParameters = (name: string) =>
  ({ name: ['nvarchar(64)', name], name_key: ['varchar(64)', name.toLowerCase()] }) as const;

/** Undefined also where another process took the name between our look and our insert. */
export async function unlessTaken(writing: Promise<Row | undefined>): Promise<Row | undefined> {
  try {
    return await writing;
  } catch (error) {
    if (error instanceof SqlServerError && error.kind === 'duplicate') return undefined;
    throw error;
  }
}
