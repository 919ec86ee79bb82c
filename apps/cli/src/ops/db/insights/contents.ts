/** An insights database as what it holds: tables in ranges, whichever kind of database it is. */
import {
  type Console,
  ConsoleError,
  type Row,
  type Run,
  type Statement,
  type Value,
} from '@scorpiox/shared/database/console';
import { type InsightsTable, MOVE_MARKS, SCHEMA_VERSION } from '@scorpiox/shared/database/tables';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { isSameValue, type Range, valueText, WHOLE } from './range.ts';
import { countRows, nextWithin, selectRows, standsAfter, standsAt } from './read-texts.ts';

export class Contents {
  readonly db: Console;
  readonly dialect: Dialect;

  constructor(db: Console) {
    this.db = db;
    this.dialect = dialectOf(db.kind);
  }

  get name(): string {
    return this.db.name;
  }

  /** The rows of a range. `run` is that of a transaction that is under way. */
  async rows(table: InsightsTable, range: Range, run: Run = this.db.run): Promise<readonly Row[]> {
    return first(await run(selectRows(this.dialect, table, range)));
  }

  async count(table: InsightsTable, range: Range = WHOLE, run: Run = this.db.run): Promise<number> {
    return Number(first(await run(countRows(this.dialect, table, range)))[0]?.n ?? 0);
  }

  /**
   * Where a range is cut so that about `rows` rows lie before: above its beginning. Undefined where it is not longer, or
   * cannot be cut.
   */
  async cut(table: InsightsTable, range: Range, rows: number): Promise<Value | undefined> {
    if (table.along === undefined) return undefined;
    const at = await this.#at(standsAt(this.dialect, table, range, rows), 'at');
    if (at === undefined || !(await this.#isFirst(table, range, at))) return at;
    return this.#at(standsAfter(this.dialect, table, range, at), 'at');
  }

  /** The sets of values that `within` has, in the order of this database. */
  async *groups(table: InsightsTable, given: readonly Value[] = []): AsyncGenerator<readonly Value[]> {
    if (given.length === table.within.length) {
      yield given;
      return;
    }
    let after: Value | undefined;
    for (;;) {
      const value: Value | undefined = await this.#at(nextWithin(this.dialect, table, given, after), 'value');
      if (value === undefined) return;
      yield* this.groups(table, [...given, value]);
      after = value;
    }
  }

  async #at(statement: Statement, column: string): Promise<Value | undefined> {
    return first(await this.db.run(statement))[0]?.[column];
  }

  /** Whether no row of the range lies before this value: cut there, a half would be empty. */
  async #isFirst(table: InsightsTable, range: Range, value: Value): Promise<boolean> {
    if (range.from !== undefined) return isSameValue(range.from, value);
    return isSameValue(await this.#at(standsAt(this.dialect, table, range, 0), 'at'), value);
  }
}

const first = ({ sets }: { readonly sets: readonly (readonly Row[])[] }): readonly Row[] => sets[0] ?? [];

/** The values of a row's key, for people. */
export const columnText = (table: InsightsTable, row: Row): string =>
  table.key.map((name) => `${name}=${valueText(row[name] ?? null)}`).join(' ');

const VERSION = {
  sqlite: `SELECT MAX(version) AS version FROM migrations WHERE version < ${MOVE_MARKS.filling}`,
  sqlserver: `SELECT MAX([version]) AS version FROM dbo.scorpiox_migration WHERE [version] < ${MOVE_MARKS.filling}`,
} as const;

/** The version of its schema; undefined where it is no insights database. */
export async function versionOf(db: Console): Promise<number | undefined> {
  try {
    const version = first(await db.run({ text: VERSION[db.kind] }))[0]?.version;
    return typeof version === 'number' ? version : undefined;
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'no-such-object') return undefined;
    throw error;
  }
}

/** The contents of a database that is at this program's version. Errors: `refused`. */
export async function openContents(db: Console): Promise<Result<Contents, Failure>> {
  const version = await versionOf(db);
  const wanted = SCHEMA_VERSION[db.kind];
  if (version === wanted) return ok(new Contents(db));
  const message =
    version === undefined
      ? `${db.name} is no insights database.`
      : `${db.name} is at version ${version} of the schema, and this program works on version ${wanted}: start the API of this program on it once${version > wanted ? ', or take the program that has migrated it' : ''}.`;
  return err({ kind: 'refused', message });
}
