import { SqlServerError } from './errors.ts';
import { takeLock } from './lock.ts';
import { optionalNumber, type Run, type Sessions } from './statement.ts';

/** One step of the schema; its statements are sent one by one, in one transaction. */
export interface SqlServerMigration {
  /** Whole, ascending from 1 without gaps. */
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
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

/**
 * Brings the database to the newest version that `migrations` knows. Each step looks and acts in one transaction under
 * an application lock, so of two processes that start at once the second finds each step done. A database that is at
 * its version is only read: the account of a running program needs no right to change the schema.
 */
export async function migrate(
  sessions: Sessions,
  migrations: readonly SqlServerMigration[],
  now: () => number,
): Promise<MigrationOutcome> {
  const newest = migrations.at(-1)?.version ?? 0;
  if ((await readVersion(sessions.run)) === newest) return { kind: 'current' };
  await sessions.transaction(async (run) => {
    await takeLock(run, 'scorpiox_migration');
    await run({ text: CREATE_MIGRATIONS });
  });
  const version = await readVersion(sessions.run);
  if (version > newest) return { kind: 'too-new', version };
  if (version === 0) await useRowVersions(sessions);
  for (const migration of migrations) {
    if (migration.version > version) await applyInEitherForm(sessions, migration, now);
  }
  return { kind: 'current' };
}

/** Nothing depends on it but how long readers wait: a server that will not is taken as it is. */
async function useRowVersions(sessions: Sessions): Promise<void> {
  try {
    await sessions.run({ text: USE_ROW_VERSIONS });
  } catch (error) {
    if (!(error instanceof SqlServerError)) throw error;
  }
}

/** A server that refuses an option says so before it has done anything: the transaction is undone, then begun anew. */
async function applyInEitherForm(sessions: Sessions, migration: SqlServerMigration, now: () => number): Promise<void> {
  const { portable } = migration;
  try {
    await apply(sessions, migration, migration.statements, now);
  } catch (error) {
    const refused = error instanceof SqlServerError && error.kind === 'unavailable';
    if (portable === undefined || !refused) throw error;
    await apply(sessions, migration, portable, now);
  }
}

async function apply(
  sessions: Sessions,
  { version, name }: SqlServerMigration,
  statements: readonly string[],
  now: () => number,
): Promise<void> {
  await sessions.transaction(async (run) => {
    await takeLock(run, 'scorpiox_migration');
    if ((await readVersion(run)) >= version) return;
    for (const text of statements) await run({ text });
    await run({
      text: NOTE_MIGRATION,
      parameters: { version: ['int', version], name: ['nvarchar(256)', name], now: ['bigint', now()] },
    });
  });
}

/** The version the database is at; 0 for a new one. */
async function readVersion(run: Run): Promise<number> {
  const [found] = await run({ text: FIND_MIGRATIONS });
  if (found?.[0] === undefined || found[0].id === null) return 0;
  const [versions] = await run({ text: READ_VERSION });
  return versions?.[0] === undefined ? 0 : (optionalNumber(versions[0], 'version') ?? 0);
}
