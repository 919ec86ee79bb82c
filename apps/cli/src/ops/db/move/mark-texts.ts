/** What source and target say of a move themselves: a row in each. */
import type { Statement, Value } from '@scorpiox/shared/database/console';
import type { Dialect } from '../insights/dialect.ts';

const SOURCE = { sqlite: 'move_source', sqlserver: 'dbo.scorpiox_move_source' } as const;
const TARGET = { sqlite: 'move_target', sqlserver: 'dbo.scorpiox_move_target' } as const;

export type Side = 'source' | 'target';

const nameOf = ({ kind }: Dialect, side: Side): string => (side === 'source' ? SOURCE : TARGET)[kind];

const COLUMNS = {
  sqlite: {
    source:
      'id INTEGER PRIMARY KEY, move TEXT NOT NULL, target TEXT NOT NULL, started_at INTEGER NOT NULL, closed_at INTEGER, closed_by INTEGER',
    target:
      'id INTEGER PRIMARY KEY, move TEXT NOT NULL, source TEXT NOT NULL, holder INTEGER NOT NULL, phase TEXT NOT NULL, progress TEXT NOT NULL',
  },
  sqlserver: {
    source:
      'id int NOT NULL PRIMARY KEY, move varchar(36) NOT NULL, target nvarchar(512) NOT NULL, started_at bigint NOT NULL, closed_at bigint NULL, closed_by bigint NULL',
    target:
      'id int NOT NULL PRIMARY KEY, move varchar(36) NOT NULL, source nvarchar(512) NOT NULL, holder bigint NOT NULL, phase varchar(16) NOT NULL, progress nvarchar(max) NOT NULL',
  },
} as const;

/** Gives a row where there is such a table. */
export const findMark = (dialect: Dialect, side: Side): Statement => ({
  text:
    dialect.kind === 'sqlite'
      ? `SELECT 1 AS there FROM sqlite_schema WHERE type = 'table' AND name = '${nameOf(dialect, side)}'`
      : `SELECT 1 AS there WHERE OBJECT_ID(N'${nameOf(dialect, side)}', N'U') IS NOT NULL;`,
});

export const makeMark = (dialect: Dialect, side: Side): Statement => ({
  text: `CREATE TABLE ${nameOf(dialect, side)} (${COLUMNS[dialect.kind][side]})`,
});

export const dropMark = (dialect: Dialect, side: Side): Statement => ({
  text: `DROP TABLE IF EXISTS ${nameOf(dialect, side)}`,
});

export const readMark = (dialect: Dialect, side: Side): Statement => ({
  text: `SELECT * FROM ${nameOf(dialect, side)} WHERE id = 1`,
});

export const writeMark = (dialect: Dialect, side: Side, values: Readonly<Record<string, Value>>): Statement => ({
  text: `INSERT INTO ${nameOf(dialect, side)} (id, ${Object.keys(values).join(', ')}) VALUES (1, ${Object.keys(values)
    .map((name) => `@${name}`)
    .join(', ')})`,
  parameters: values,
});

/** Sets some of its values. With `holder`, changes nothing where another one has taken over. */
export function setMark(
  dialect: Dialect,
  side: Side,
  values: Readonly<Record<string, Value>>,
  holder?: number,
): Statement {
  const set = Object.keys(values).map((name) => `${name} = @${name}`);
  const held = holder === undefined ? '' : ' AND holder = @held';
  return {
    text: `UPDATE ${nameOf(dialect, side)} SET ${set.join(', ')} WHERE id = 1${held}`,
    parameters: holder === undefined ? values : { ...values, held: holder },
  };
}

/** Notes that the source is open, unless another holder has closed it anew. */
export const noteOpen = (dialect: Dialect, holder: number): Statement => ({
  text: `UPDATE ${nameOf(dialect, 'source')} SET closed_at = NULL, closed_by = NULL WHERE id = 1 AND closed_by = @holder`,
  parameters: { holder },
});
