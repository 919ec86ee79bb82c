/** The journal's database as it was, in SQL: what makes it, what the applications did to it, and what the dashboard asked. */
import type { Statement } from '@scorpiox/shared/database/console';
import type { CrisisEvent } from './event.ts';
import { SQLITE } from './sqlite.ts';
import { SQL_SERVER } from './sqlserver.ts';

export interface CrisisTexts {
  /** The table: no unique index, durations as text, milliseconds computed from them at each question. */
  readonly createTable: Statement;
  /** Makes the rows from one number up to, but not with, another. */
  fill(from: number, to: number): Statement;
  /** Makes so many rows once more, spread over the whole table of so many rows. */
  duplicate(copies: number, rows: number): Statement;
  /**
   * The old way: a look through the table, and an insert where nothing was found. Where that is one text, `insert` is absent, and
   * it tells by `affected`; otherwise a row from `look` is one that is there.
   */
  oldWay(event: CrisisEvent): { readonly look: Statement; readonly insert?: Statement };
  /** The new way: an insert, refused by the unique index where it is there already. The duration comes parsed. */
  newWay(event: CrisisEvent): Statement;
  /** What `/apps` asked: each application's requests, failures and durations. */
  readonly askApps: Statement;
}

/** The table, the key that tells a row from another, and the column that is computed. */
export const TABLE = 'Requests';
export const KEY = ['App', 'Timestamp', 'OperationId'] as const;
export const COMPUTED = 'DurationMs';

export const textsFor = (kind: 'sqlite' | 'sqlserver'): CrisisTexts => (kind === 'sqlite' ? SQLITE : SQL_SERVER);
