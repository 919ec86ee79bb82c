import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ImportsResponse } from '@scorpiox/shared/contract';
import { openControl } from '@scorpiox/shared/database';
import type { Static } from 'typebox';
import { expect, test, vi } from 'vitest';
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

/** Keeps old events of `shop`, and issues an administrator's token. */
async function letIn(folder: string): Promise<string> {
  const control = await openControl({ kind: 'sqlite', file: join(folder, 'insights.db') });
  if (!control.ok) throw new Error(control.error.message);
  await control.value.setRetention('shop', 3650);
  const issued = await control.value.addToken('admin', 'admin');
  await control.value.close();
  if (!issued.ok) throw new Error(issued.error.message);
  return issued.value.token;
}

test('the server itself: killed wherever it is, asked again, and through at last', async () => {
  const folder = await prepare();
  const token = await letIn(folder);
  const start = () => startProgram('src/main.ts', [], { SCORPIOX_DATA_DIR: folder, SCORPIOX_INSIGHTS_PORT: '0' });
  const ask = async (address: string, body?: object) => {
    const answer = await fetch(`${address}/api/imports`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // The contract's schemas; what POST answers is not looked at.
    return (await answer.json()) as Static<typeof ImportsResponse>;
  };
  const table = { source: 'old.db', table: 'Requests' };
  const doomed = start();
  const address = await doomed.address();
  await ask(address, table);
  await vi.waitFor(async () => expect((await ask(address)).imports[0]?.read).toBeGreaterThan(0), 30_000);
  doomed.child.kill('SIGKILL');
  await doomed.ended;

  const next = await start().address();
  await ask(next, table);
  const state = await vi.waitFor(async () => {
    const { running, imports } = await ask(next);
    expect(running).toBeNull();
    return imports[0];
  }, 60_000);
  expect(state).toMatchObject({ read: 4500, rows: { after: 4500 }, stored: { after: 4459 }, percent: 100 });
  expect(countStored(join(folder, 'insights.db'))).toEqual({ events: 4459, rolledUp: 4459, accepted: 4459 });
}, 120_000);
