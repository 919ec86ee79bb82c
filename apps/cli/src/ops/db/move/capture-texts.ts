/**
 * How a source notes what changes, and how it is closed. A table of notes for each table that is gone through in ranges: a row
 * for each change, with where in the table it was. Of small tables nothing is noted, they are compared whole: on a SQL Server
 * statements with OUTPUT and without INTO, as the API has for those, are refused where a table has a trigger (334).
 */
import type { Statement } from '@scorpiox/shared/database/console';
import { INSIGHTS_TABLES, type InsightsTable, MOVE_MARKS, MOVED_WORDS } from '@scorpiox/shared/database/tables';
import { columnOf, type Dialect } from '../insights/dialect.ts';

/** Tables whose changes are noted. */
export const NOTED: readonly InsightsTable[] = INSIGHTS_TABLES.filter(({ along }) => along !== undefined);

/** Tables that are compared whole. */
export const COMPARED: readonly InsightsTable[] = INSIGHTS_TABLES.filter(({ along }) => along === undefined);

/** Where a change was, by column: the values of `within`, and that of `along`. */
const placeOf = ({ within, along = '' }: InsightsTable): readonly string[] => [...within, along];

/** The table of notes. */
const notesOf = (dialect: Dialect, { sqlite, server }: InsightsTable): string =>
  dialect.kind === 'sqlite' ? `moved_${sqlite}` : server.replace('scorpiox_', 'scorpiox_moved_');

/** Makes the tables of notes, and what fills them. In one transaction. */
export const beginNotes = (dialect: Dialect): readonly Statement[] =>
  NOTED.flatMap((table) => (dialect.kind === 'sqlite' ? noteInSqlite(table) : noteInServer(table, dialect)));

function noteInSqlite(table: InsightsTable): readonly Statement[] {
  const { sqlite } = table;
  const place = placeOf(table).map((name) => `"${name}"`);
  const notes = `moved_${sqlite}`;
  const note = (row: 'new' | 'old', when = '') =>
    `INSERT INTO ${notes} (${place.join(', ')}) SELECT ${place.map((column) => `${row}.${column}`).join(', ')}${when};`;
  const moved = ` WHERE ${place.map((column) => `old.${column} IS NOT new.${column}`).join(' OR ')}`;
  const trigger = (event: string, body: string): Statement => ({
    text: `CREATE TRIGGER ${notes}_${event} AFTER ${event} ON ${sqlite} BEGIN ${body} END`,
  });
  return [
    { text: `CREATE TABLE ${notes} (note INTEGER PRIMARY KEY AUTOINCREMENT, ${place.join(', ')})` },
    trigger('insert', note('new')),
    trigger('update', `${note('new')} ${note('old', moved)}`),
    trigger('delete', note('old')),
  ];
}

function noteInServer(table: InsightsTable, dialect: Dialect): readonly Statement[] {
  const columns = placeOf(table).map((name) => columnOf(table, name));
  const list = columns.map((column) => dialect.column(column)).join(', ');
  const typed = columns.map((column) => `  ${dialect.column(column)} ${column.serverType} NOT NULL`);
  const notes = notesOf(dialect, table);
  return [
    {
      text: `CREATE TABLE ${notes} (\n  note bigint IDENTITY(1,1) NOT NULL PRIMARY KEY,\n${typed.join(',\n')}\n);`,
    },
    module(`CREATE TRIGGER ${notes}_note ON ${table.server} AFTER INSERT, UPDATE, DELETE AS
BEGIN
SET NOCOUNT ON;
INSERT INTO ${notes} (${list})
SELECT ${list} FROM inserted
UNION
SELECT ${list} FROM deleted;
END`),
  ];
}

/** Takes both away. */
export const endNotes = (dialect: Dialect): readonly Statement[] =>
  NOTED.flatMap((table) => {
    const notes = notesOf(dialect, table);
    const triggers = dialect.kind === 'sqlite' ? ['insert', 'update', 'delete'] : ['note'];
    return [
      ...triggers.map((trigger) => ({ text: `DROP TRIGGER IF EXISTS ${notes}_${trigger}` })),
      { text: `DROP TABLE IF EXISTS ${notes}` },
    ];
  });

/** Gives `n`. */
export const countNotes = (dialect: Dialect, table: InsightsTable): Statement => ({
  text: `SELECT ${dialect.kind === 'sqlite' ? 'count(*)' : 'COUNT_BIG(*)'} AS n FROM ${notesOf(dialect, table)}`,
});

/** Gives `note`, its number, and the columns of the place. */
export function readNotes(dialect: Dialect, table: InsightsTable, most: number): Statement {
  const columns = placeOf(table).map((name) => `${dialect.column(columnOf(table, name))} AS ${dialect.quoted(name)}`);
  const rest = `note, ${columns.join(', ')} FROM ${notesOf(dialect, table)} ORDER BY note`;
  return { text: dialect.kind === 'sqlite' ? `SELECT ${rest} LIMIT ${most}` : `SELECT TOP (${most}) ${rest}` };
}

/**
 * Removes the notes that were read, and no others: on a SQL Server one with a lesser number may be committed after they were.
 */
export function removeNotes(dialect: Dialect, table: InsightsTable, notes: readonly (number | bigint)[]): Statement {
  const read =
    dialect.kind === 'sqlite'
      ? 'SELECT value FROM json_each(@notes)'
      : 'SELECT CONVERT(bigint, [value]) FROM OPENJSON(@notes)';
  return {
    text: `DELETE FROM ${notesOf(dialect, table)} WHERE note IN (${read})`,
    parameters: { notes: `[${notes.join(',')}]` },
  };
}

/** The error that a SQL Server answers writers with, once it is closed. */
const CLOSED_NUMBER = 51_000;

/** What is closed beside what was moved: an API that can take no lease hands on no alerts, which the new database has as well. */
const LEASES = { sqlite: 'leases', server: 'dbo.scorpiox_lease' } as const;

const CLOSED: readonly Pick<InsightsTable, 'sqlite' | 'server'>[] = [...INSIGHTS_TABLES, LEASES];

/** Refuses every change of what was moved, whoever makes it, and keeps programs from opening it. In one transaction. */
export function close(dialect: Dialect, target: string): readonly Statement[] {
  const words = `${MOVED_WORDS} ${target}`.replaceAll("'", "''");
  return [
    ...CLOSED.flatMap((table) =>
      dialect.kind === 'sqlite' ? closeInSqlite(table, words) : [closeInServer(table, words)],
    ),
    mark(dialect, MOVE_MARKS.moved, 'moved by scorpiox db migrate'),
  ];
}

function closeInSqlite({ sqlite }: Pick<InsightsTable, 'sqlite'>, words: string): readonly Statement[] {
  return ['insert', 'update', 'delete'].map((event) => ({
    text: `CREATE TRIGGER closed_${sqlite}_${event} BEFORE ${event} ON ${sqlite} BEGIN SELECT RAISE(ABORT, '${words}'); END`,
  }));
}

const closeInServer = ({ server }: Pick<InsightsTable, 'server'>, words: string): Statement =>
  module(`CREATE TRIGGER ${server.replace('scorpiox_', 'scorpiox_closed_')} ON ${server} AFTER INSERT, UPDATE, DELETE AS
BEGIN
;THROW ${CLOSED_NUMBER}, N'${words}', 1;
END`);

export const reopen = (dialect: Dialect): readonly Statement[] => [
  ...CLOSED.flatMap(({ sqlite, server }) =>
    dialect.kind === 'sqlite'
      ? ['insert', 'update', 'delete'].map((event) => ({ text: `DROP TRIGGER IF EXISTS closed_${sqlite}_${event}` }))
      : [{ text: `DROP TRIGGER IF EXISTS ${server.replace('scorpiox_', 'scorpiox_closed_')}` }],
  ),
  unmark(dialect, MOVE_MARKS.moved),
];

/** Notes a version that no program knows. */
export const mark = (dialect: Dialect, version: number, why: string): Statement => ({
  text:
    dialect.kind === 'sqlite'
      ? `INSERT INTO migrations (version, name, applied_at) VALUES (${version}, '${why}', 0)`
      : `INSERT INTO dbo.scorpiox_migration ([version], [name], applied_at) VALUES (${version}, N'${why}', 0);`,
});

export const unmark = (dialect: Dialect, version: number): Statement => ({
  text:
    dialect.kind === 'sqlite'
      ? `DELETE FROM migrations WHERE version = ${version}`
      : `DELETE FROM dbo.scorpiox_migration WHERE [version] = ${version};`,
});

/** A trigger has to be the first statement of its batch. */
const module = (text: string): Statement => ({ text: `EXEC (N'${text.replaceAll("'", "''")}');` });
