import {
  type MeteredPart,
  type MigrationMeter,
  type MigrationWatch,
  makeMeter,
  WAITING,
  WEIGHING,
} from '../migration-meter.ts';
import { SqlServerError } from './errors.ts';
import { takeLock, tryLock } from './lock.ts';
import { number, optionalNumber, type Run, type Sessions } from './statement.ts';

/** A statement of a step; `reads`: the table of which it reads every row, which is what it is weighed by. */
export type MigrationStatement = string | { readonly text: string; readonly reads: string };

/** One step of the schema; its statements are sent one by one, in one transaction. */
export interface SqlServerMigration {
  /** Whole, ascending from 1 without gaps. */
  readonly version: number;
  readonly name: string;
  readonly statements: readonly MigrationStatement[];
  /** The same for a server that refuses an option of `statements`. */
  readonly portable?: readonly string[];
}

/** What `migrate` found: the database is at the program's version now, or a newer program has been here. */
export type MigrationOutcome = { readonly kind: 'current' } | { readonly kind: 'too-new'; readonly version: number };

export const FIND_MIGRATIONS = `SELECT OBJECT_ID(N'dbo.scorpiox_migration', N'U') AS id;`;

export const CREATE_MIGRATIONS = `
IF OBJECT_ID(N'dbo.scorpiox_migration', N'U') IS NULL
CREATE TABLE dbo.scorpiox_migration (
  [version] int NOT NULL PRIMARY KEY,
  [name] nvarchar(256) NOT NULL,
  applied_at bigint NOT NULL
);`;

/**
 * Readers then do not wait for the writer. Only in a database that is empty: it is an option of the whole database, which
 * others may live in. Where anybody else is connected, or it is not permitted, it fails at once.
 */
export const USE_ROW_VERSIONS = `
IF NOT EXISTS (SELECT 1 FROM sys.tables WHERE [name] <> 'scorpiox_migration')
ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT;`;

export const READ_VERSION = `SELECT MAX([version]) AS [version] FROM dbo.scorpiox_migration;`;

export const NOTE_MIGRATION = `
INSERT INTO dbo.scorpiox_migration ([version], [name], applied_at) VALUES (@version, @name, @now);`;

/** No rows where there is no such table. */
export const countRows = (table: string): string => `
IF OBJECT_ID(N'dbo.${table}', N'U') IS NOT NULL
SELECT COUNT_BIG(*) AS [rows] FROM dbo.${table};`;

export interface MigrationOptions {
  readonly watch?: MigrationWatch;
  /** Waits however long for another process that migrates, instead of failing after a while. */
  readonly patient?: boolean;
}

/**
 * Brings the database to the newest version that `migrations` knows. Each step looks and acts in one transaction under
 * an application lock, so of two processes that start at once the second finds each step done. A database that is at
 * its version is only read: the account of a running program needs no right to change the schema.
 */
export async function migrate(
  sessions: Sessions,
  migrations: readonly SqlServerMigration[],
  now: () => number,
  options: MigrationOptions = {},
): Promise<MigrationOutcome> {
  const newest = migrations.at(-1)?.version ?? 0;
  if ((await readVersion(sessions.run)) === newest) return { kind: 'current' };
  const locked = lockedBy(sessions, options);
  await locked((run) => run({ text: CREATE_MIGRATIONS }));
  const version = await readVersion(sessions.run);
  if (version > newest) return { kind: 'too-new', version };
  if (version === 0) await useRowVersions(sessions);
  const due = migrations.filter((migration) => migration.version > version);
  const meter = await weigh(sessions.run, due, options.watch);
  for (const [index, migration] of due.entries()) {
    await applyInEitherForm(locked, migration, now, stepsOf(meter, due, index));
  }
  return { kind: 'current' };
}

/** Runs work in a transaction of its own that has the lock of migrations. */
type Locked = <T>(work: (run: Run) => Promise<T>) => Promise<T>;

function lockedBy(sessions: Sessions, { watch, patient = false }: MigrationOptions): Locked {
  return async (work) => {
    for (;;) {
      const done = await sessions.transaction(async (run) => {
        if (!patient) await takeLock(run, 'scorpiox_migration');
        else if (!(await tryLock(run, 'scorpiox_migration'))) return undefined;
        return { value: await work(run) };
      });
      if (done !== undefined) return done.value;
      watch?.(WAITING);
    }
  };
}

/** Nothing depends on it but how long readers wait: a server that will not is taken as it is. */
async function useRowVersions(sessions: Sessions): Promise<void> {
  try {
    await sessions.run({ text: USE_ROW_VERSIONS });
  } catch (error) {
    if (!(error instanceof SqlServerError)) throw error;
  }
}

/** A part for each statement, since that is where it is heard how far the server is. */
async function weigh(
  run: Run,
  due: readonly SqlServerMigration[],
  watch: MigrationWatch | undefined,
): Promise<MigrationMeter> {
  if (watch === undefined) return makeMeter([], () => {});
  watch(WEIGHING);
  const parts: MeteredPart[] = [];
  for (const { version, name, statements } of due) {
    for (const statement of statements) {
      const rows = typeof statement === 'string' ? 0 : await rowsOf(run, statement.reads);
      parts.push({ detail: `version ${version}: ${name}`, rows });
    }
  }
  return makeMeter(parts, watch);
}

async function rowsOf(run: Run, table: string): Promise<number> {
  const [counted] = await run({ text: countRows(table) });
  return counted?.[0] === undefined ? 0 : number(counted[0], 'rows');
}

/** Tells the meter which statement of a migration begins. */
function stepsOf(meter: MigrationMeter, due: readonly SqlServerMigration[], index: number): (at: number) => void {
  const before = due.slice(0, index).reduce((count, { statements }) => count + statements.length, 0);
  return (at) => meter.begin(before + at);
}

type Begin = (statement: number) => void;

/** A server that refuses an option says so before it has done anything: the transaction is undone, then begun anew. */
async function applyInEitherForm(
  locked: Locked,
  migration: SqlServerMigration,
  now: () => number,
  begin: Begin,
): Promise<void> {
  const { portable } = migration;
  try {
    await apply(locked, migration, migration.statements, now, begin);
  } catch (error) {
    const refused = error instanceof SqlServerError && error.kind === 'unavailable';
    if (portable === undefined || !refused) throw error;
    await apply(locked, migration, portable, now, begin);
  }
}

async function apply(
  locked: Locked,
  { version, name }: SqlServerMigration,
  statements: readonly MigrationStatement[],
  now: () => number,
  begin: Begin,
): Promise<void> {
  await locked(async (run) => {
    if ((await readVersion(run)) >= version) return;
    for (const [index, statement] of statements.entries()) {
      begin(index);
      await run({ text: typeof statement === 'string' ? statement : statement.text });
    }
    await run({
      text: NOTE_MIGRATION,
      parameters: { version: ['int', version], name: ['nvarchar(256)', name], now: ['bigint', now()] },
    });
  });
}

/** The version the database is at; 0 for a new one. */
export async function readVersion(run: Run): Promise<number> {
  const [found] = await run({ text: FIND_MIGRATIONS });
  if (found?.[0] === undefined || found[0].id === null) return 0;
  const [versions] = await run({ text: READ_VERSION });
  return versions?.[0] === undefined ? 0 : (optionalNumber(versions[0], 'version') ?? 0);
}
