import { expect, test } from 'vitest';
import type { MigrationProgress } from '../../../src/database/index.ts';
import * as alerts from '../../../src/database/sqlserver/alert-statements.ts';
import * as control from '../../../src/database/sqlserver/control-statements.ts';
import { SqlServerError } from '../../../src/database/sqlserver/index.ts';
import { TAKE_LOCK } from '../../../src/database/sqlserver/lock.ts';
import * as migrations from '../../../src/database/sqlserver/migrate.ts';
import { MIGRATIONS } from '../../../src/database/sqlserver/schema.ts';
import type { Row, Run, Sessions } from '../../../src/database/sqlserver/statement.ts';

const { countRows, FIND_MIGRATIONS, CREATE_MIGRATIONS, USE_ROW_VERSIONS, READ_VERSION, NOTE_MIGRATION, migrate } =
  migrations;

const textOf = (statement: migrations.MigrationStatement): string =>
  typeof statement === 'string' ? statement : statement.text;

// What a server gets to see changes only on purpose: docs/sql-server.md says which texts have run where.
test('the statements of the control side and the migrations are these', async () => {
  const texts: Readonly<Record<string, string>> = {
    TAKE_LOCK,
    FIND_MIGRATIONS,
    CREATE_MIGRATIONS,
    USE_ROW_VERSIONS,
    READ_VERSION,
    NOTE_MIGRATION,
    COUNT_ROWS: countRows('scorpiox_rollup'),
    ...Object.fromEntries(
      MIGRATIONS.flatMap(({ version, statements, portable = [] }) => [
        ...statements.map((statement, index) => [`migration ${version}.${index + 1}`, textOf(statement)]),
        ...portable.map((text, index) => [`migration ${version}.${index + 1} portable`, text]),
      ]),
    ),
    ...control,
    ...alerts,
  };
  const all = Object.entries(texts).map(([name, text]) => `-- ${name}\n${text.trim()}\n`);
  await expect(all.join('\n')).toMatchFileSnapshot('statements.sql');
});

test('versions ascend from 1 without gaps', () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

/** Answers the migration's questions as a server would and keeps what was changed; it knows no SQL. */
function pretend({
  refuse = () => false,
  version = 0,
  lock = () => 0,
  rows = 0,
}: {
  refuse?: (text: string) => boolean;
  version?: number;
  /** What sp_getapplock says. */
  lock?: () => number;
  /** Of every table. */
  rows?: number;
} = {}) {
  const state = { versions: version > 0 ? [version] : [], changes: [] as string[] };
  const answer = (text: string, parameters: Parameters<Run>[0]['parameters'], into: typeof state): Row[] => {
    if (text === TAKE_LOCK) return [{ outcome: lock() }];
    if (text.includes('COUNT_BIG')) return [{ rows: String(rows) }];
    if (text === FIND_MIGRATIONS) return [{ id: into.versions.length > 0 ? 1 : null }];
    if (text === READ_VERSION) return [{ version: Math.max(...into.versions) }];
    if (refuse(text)) throw new SqlServerError('unavailable', 'not supported');
    if (text === NOTE_MIGRATION) into.versions.push(Number(parameters?.version?.[1]));
    else into.changes.push(text);
    return [];
  };
  const sessions: Sessions = {
    run: async ({ text, parameters }) => [answer(text, parameters, state)],
    async transaction(work) {
      const copy = structuredClone(state);
      const value = await work(async ({ text, parameters }) => [answer(text, parameters, copy)]);
      Object.assign(state, copy);
      return value;
    },
    close: async () => {},
  };
  return { sessions, state };
}

test('a new database gets every step in order, each noted in the transaction that made it', async () => {
  const { sessions, state } = pretend();
  expect(await migrate(sessions, MIGRATIONS, () => 5)).toEqual({ kind: 'current' });
  expect(state.versions).toEqual(MIGRATIONS.map(({ version }) => version));
  const steps = MIGRATIONS.flatMap(({ statements }) => statements.map(textOf));
  expect(state.changes).toEqual([CREATE_MIGRATIONS, USE_ROW_VERSIONS, ...steps]);
});

test('a server that refuses IGNORE_DUP_KEY gets the plain unique index', async () => {
  const { sessions, state } = pretend({ refuse: (text) => text.includes('IGNORE_DUP_KEY') });
  await migrate(sessions, MIGRATIONS, () => 5);
  expect(state.versions).toEqual(MIGRATIONS.map(({ version }) => version));
  expect(state.changes).toContainEqual(
    expect.stringMatching(/^CREATE UNIQUE INDEX scorpiox_event_identity .*\[hash\]\);$/),
  );
});

test('a server that refuses row versions gets everything else; a database that is there already keeps its option', async () => {
  const refusing = pretend({ refuse: (text) => text === USE_ROW_VERSIONS });
  expect(await migrate(refusing.sessions, MIGRATIONS, () => 5)).toEqual({ kind: 'current' });
  expect(refusing.state.versions).toEqual(MIGRATIONS.map(({ version }) => version));
  const there = pretend({ version: 1 });
  await migrate(there.sessions, MIGRATIONS, () => 5);
  expect(there.state.changes).not.toContain(USE_ROW_VERSIONS);
});

test('a step that fails is neither half done nor noted', async () => {
  const { sessions, state } = pretend({ refuse: (text) => text.includes('scorpiox_app_counter') });
  await expect(migrate(sessions, MIGRATIONS, () => 5)).rejects.toThrow('not supported');
  expect(state.versions).toEqual([1]);
  expect(state.changes.join()).not.toContain('dbo.scorpiox_event (');
});

test('a database at this version is only read, one of a newer program is left alone', async () => {
  const current = pretend({ version: MIGRATIONS.length });
  expect(await migrate(current.sessions, MIGRATIONS, () => 5)).toEqual({ kind: 'current' });
  expect(current.state.changes).toEqual([]);
  const newer = pretend({ version: 999 });
  expect(await migrate(newer.sessions, MIGRATIONS, () => 5)).toEqual({ kind: 'too-new', version: 999 });
});

test('how far it is, is told by the rows that each statement reads', async () => {
  // Up to there four statements read all of a table.
  const steps = MIGRATIONS.slice(0, 6);
  const { sessions } = pretend({ version: 3, rows: 1_000_000 });
  const seen: MigrationProgress[] = [];
  await migrate(sessions, steps, () => 5, { watch: (progress) => seen.push(progress) });
  expect(seen[0]).toMatchObject({ done: undefined });
  const known = seen.slice(1).map(({ done = Number.NaN }) => done);
  expect(known[0]).toBe(0);
  expect(known).toEqual(known.toSorted((a, b) => a - b));
  // The first of four statements that each read a million rows is done when the third statement of all begins.
  expect(known[2]).toBeCloseTo(0.25, 1);
  expect(known.at(-1)).toBeLessThan(1);
  expect(seen.at(-1)?.detail).toContain(`version ${steps.length}: `);
});

test('who is patient waits as long as another process migrates; others are told after a while', async () => {
  const answers = [-1, -1];
  const { sessions, state } = pretend({ version: MIGRATIONS.length - 1, lock: () => answers.shift() ?? 0 });
  const seen: string[] = [];
  const watch = ({ detail }: MigrationProgress) => void seen.push(detail);
  expect(await migrate(sessions, MIGRATIONS, () => 5, { watch, patient: true })).toEqual({ kind: 'current' });
  expect(seen.slice(0, 2)).toEqual(Array(2).fill('waits for another process to finish'));
  expect(state.versions.at(-1)).toBe(MIGRATIONS.length);
  const held = pretend({ version: 1, lock: () => -1 });
  await expect(migrate(held.sessions, MIGRATIONS, () => 5)).rejects.toMatchObject({ kind: 'transient' });
  // A lock that fails in another way would fail for ever.
  const broken = pretend({ version: 1, lock: () => -999 });
  await expect(migrate(broken.sessions, MIGRATIONS, () => 5, { patient: true })).rejects.toMatchObject({
    kind: 'transient',
  });
});
