import type { Statement } from '@scorpiox/shared/database/console';
import type { TableName } from '../rows/table.ts';
import type { Fill, KeyText } from './fill.ts';
import * as sqlite from './sqlite.ts';
import * as sqlserver from './sqlserver.ts';

/** Rows after one (all where there is none before) … */
export interface After {
  readonly last: KeyText | undefined;
}

/** … up to another. */
export interface Stretch extends After {
  readonly upper: KeyText;
}

/** What a backfill says to either database. */
export interface FillTexts {
  /** The key of the last of the next `size` rows: `k0`, `k1`, …; no row where there are no more. */
  readonly upper: (fill: Fill, after: After, size: number) => Statement;
  /** Sets the column in a stretch. */
  readonly set: (fill: Fill, stretch: Stretch) => Statement;
  /** Rows whose column is not what the expression says: `rows`. */
  readonly differing: (fill: Fill) => Statement;
  /** Lets the database judge the expression; changes nothing. */
  readonly tryOut: (fill: Fill) => Statement;
  /** Milliseconds since 1970 by the database's own clock, as an expression. */
  readonly now: string;
  readonly makeNotes: Statement;
  /** Where notes are, in a statement. */
  readonly notes: string;
}

export const textsOf = ({ dialect }: Pick<TableName, 'dialect'>): FillTexts =>
  dialect === 'sqlite' ? sqlite.TEXTS : sqlserver.TEXTS;
