import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { countStored, prepareData } from '../helpers/control.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { makeOldDatabase } from '../helpers/old-database.ts';
import { startProgram } from '../helpers/process.ts';

async function prepare(): Promise<string> {
  const folder = temporaryFolder();
  await prepareData(folder);
  makeOldDatabase(join(folder, 'imports', 'old.db'), { rows: 4500, duplicates: 41 });
  return folder;
}

const importIn = async (folder: string, ...args: string[]) => {
  const program = startProgram('tests/programs/imports.ts', [folder, ...args], {});
  return { ended: await program.ended, output: program.output() };
};

/** Everything that sums are made of, and the events without the moment at which they were received. */
function contents(folder: string): unknown {
  const db = new DatabaseSync(join(folder, 'insights.db'), { readOnly: true });
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%rollup%' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  const sums = tables.map((name) => [name, db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2, 3, 4, 5`).all()]);
  const events = db.prepare('SELECT hex(hash) AS hash, time, duration_us, name FROM events ORDER BY time, hash').all();
  db.close();
  return { sums, events };
}

test('killed before and after the commit of pages, and started again: each event once, the sums of a clean import', async () => {
  const [clean, killed] = [await prepare(), await prepare()];
  const whole = await importIn(clean);
  expect(whole.ended).toEqual([0, null]);

  for (const [page, moment] of [
    ['1', 'after'],
    ['2', 'before'],
    ['2', 'after'],
  ] as const) {
    expect((await importIn(killed, page, moment)).ended).toEqual([null, 'SIGKILL']);
  }
  const { ended, output } = await importIn(killed);
  expect(ended).toEqual([0, null]);

  expect(JSON.parse(whole.output)).toMatchObject({ read: 4500, accepted: 4459, duplicates: 41, starts: 1 });
  expect(countStored(join(clean, 'insights.db'))).toEqual({ events: 4459, rolledUp: 4459, accepted: 4459 });
  const state = JSON.parse(output);
  expect(state).toMatchObject({ read: 4500, starts: 4, rows: { before: 4500, after: 4500 }, problem: null });
  // Two pages were committed and not noted: duplicates of themselves. What the database has is exact.
  expect(state.accepted + state.duplicates).toBe(4500);
  expect(state.stored).toEqual({ before: 0, after: 4459 });
  expect(countStored(join(killed, 'insights.db'))).toEqual({ events: 4459, rolledUp: 4459, accepted: 4459 });
  expect(contents(killed)).toEqual(contents(clean));
}, 120_000);
