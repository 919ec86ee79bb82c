/** The two databases of a move: how they are opened, made, and how they look from outside. */
import { existsSync, statSync } from 'node:fs';
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { bringFileUp } from '@scorpiox/shared/database';
import { type Console, ConsoleError, nameOf, openConsole, type Statement } from '@scorpiox/shared/database/console';
import { SCHEMA_VERSION } from '@scorpiox/shared/database/tables';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { databaseFailure } from '../../insights/control.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import { consoleFailure, DatabaseFailed } from '../failure.ts';
import { Contents, openContents, versionOf } from '../insights/contents.ts';
import { readSourceMark, readTargetMark } from './marks.ts';

export interface Opening {
  readonly tell: (name: string) => (statement: Statement) => void;
  readonly lockTimeoutMs: number;
}

/** Which database an error came from: two are open at once. */
const ORIGINS = new WeakMap<ConsoleError, string>();

/** What an error of either database means for whoever ran the command. */
export const failureOf = (error: ConsoleError): Failure => consoleFailure(error, ORIGINS.get(error) ?? 'The database');

/** Runs `use` with a database open. Throws `DatabaseFailed` where it cannot be opened, and errors of which `failureOf` knows the origin. */
export async function withOpen<T>(
  location: DatabaseLocation,
  { tell, lockTimeoutMs }: Opening,
  use: (db: Console) => Promise<T>,
): Promise<T> {
  const name = nameOf(location);
  const opened = await openConsole(location, { tell: tell(name), lockTimeoutMs });
  if (!opened.ok) throw new DatabaseFailed(consoleFailure(opened.error, name));
  try {
    return await use(withOrigin(opened.value));
  } finally {
    await opened.value.close();
  }
}

function withOrigin(db: Console): Console {
  const noted = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ConsoleError && !ORIGINS.has(error)) ORIGINS.set(error, db.name);
      throw error;
    }
  };
  return {
    kind: db.kind,
    name: db.name,
    run: (statement) => noted(() => db.run(statement)),
    transaction: (work) => noted(() => db.transaction(work)),
    rows: (statement) => db.rows(statement),
    close: () => db.close(),
  };
}

/** How a database stands, in words that change with what a move does to it. Makes nothing. */
export async function standingOf(location: DatabaseLocation, opening: Opening): Promise<string> {
  if (isYetToBeMade(location)) return ABSENT;
  return withOpen(location, opening, async (db) => {
    const version = await versionOf(db);
    if (version === undefined) return 'no insights database';
    const contents = new Contents(db);
    const [source, target] = [await readSourceMark(contents), await readTargetMark(contents)];
    const from =
      source === undefined ? '' : `, moved to ${source.target}${source.closedAt === undefined ? '' : ', closed'}`;
    const to = target === undefined ? '' : `, ${target.phase} from ${target.source}`;
    return `version ${version}${from}${to}`;
  });
}

/** Every version of the schema has this table, and a database that was used has a row in it: it must not be migrated. */
const hasApps = async (db: Console): Promise<boolean> => {
  const text = db.kind === 'sqlite' ? 'SELECT 1 FROM apps LIMIT 1' : 'SELECT TOP (1) 1 AS there FROM dbo.scorpiox_app;';
  return (await db.run({ text })).sets[0]?.[0] !== undefined;
};

const isYetToBeMade = (location: DatabaseLocation): boolean =>
  location.kind === 'sqlite' && (!existsSync(location.file) || statSync(location.file).size === 0);

/** Makes the tables of a target by our own migrations, unless a move has begun to fill it. Errors: those of the migration. */
export async function bringTargetUp(
  location: DatabaseLocation,
  opening: Opening,
  now: () => number,
): Promise<Result<void, Failure>> {
  if (!isYetToBeMade(location)) {
    const version = await withOpen(location, opening, versionOf);
    if (version === SCHEMA_VERSION[location.kind === 'sqlite' ? 'sqlite' : 'sqlserver']) return ok(undefined);
    if (version === undefined && location.kind === 'sqlite') {
      return err({
        kind: 'refused',
        message: `${location.file} is no insights database: name a file that is not there yet.`,
      });
    }
    if (version !== undefined && (await withOpen(location, opening, hasApps))) {
      return err({
        kind: 'refused',
        message: `${nameOf(location)} is not empty: it is a database of version ${version} of the schema. Name one that holds nothing yet.`,
      });
    }
  }
  const made = await bringUp(location, now);
  return made.ok ? made : err(databaseFailure(made.error));
}

async function bringUp(location: DatabaseLocation, now: () => number) {
  if (location.kind === 'sqlite') return bringFileUp(location.file, () => {});
  const { bringServerUp } = await import('@scorpiox/shared/database/sqlserver');
  return bringServerUp(location, now);
}

/** The contents of a console that is to be at this program's version. Throws `DatabaseFailed`. */
export async function contentsOf(db: Console): Promise<Contents> {
  const opened = await openContents(db);
  if (!opened.ok) throw new DatabaseFailed(opened.error);
  return opened.value;
}
