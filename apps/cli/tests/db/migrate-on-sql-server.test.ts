// Where SCORPIOX_TEST_MSSQL names a SQL Server: a move there, from there to another database of it, and back, each proved.
import { join } from 'node:path';
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { openConsole } from '@scorpiox/shared/database/console';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeTestDatabase, SKIP } from '../../../../packages/shared/tests/database/sqlserver/test-server.ts';
import { openContents } from '../../src/ops/db/insights/contents.ts';
import { runCancel, runMove } from '../../src/ops/db/move/run.ts';
import { verify } from '../../src/ops/db/verify/verify.ts';
import { fillInsights, folderInMemory } from './insights-fixture.ts';

const opening = { tell: () => () => undefined, lockTimeoutMs: 20_000 };
const stop = new AbortController().signal;
const watch = { phase: () => {}, progress: () => {}, closed: () => {} };

async function database(): Promise<DatabaseLocation> {
  const { location, drop } = await makeTestDatabase();
  onTestFinished(drop);
  return location;
}

const move = (source: DatabaseLocation, target: DatabaseLocation, cutOver = true) =>
  runMove({ source, target, cutOver }, { ...opening, stop, watch, now: Date.now });

async function contents(location: DatabaseLocation) {
  const db = await openConsole(location, { tell: () => undefined, lockTimeoutMs: 20_000 });
  if (!db.ok) throw db.error;
  onTestFinished(() => db.value.close());
  const opened = await openContents(db.value);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

async function differing(one: DatabaseLocation, other: DatabaseLocation): Promise<number> {
  return (await verify({ first: await contents(one), second: await contents(other), deep: true, stop })).differing;
}

describe.skipIf(SKIP !== undefined)(`a SQL Server${SKIP === undefined ? '' : ` (${SKIP})`}`, () => {
  test('what was moved there, on, and back is what it was', async () => {
    const folder = await folderInMemory();
    const first: DatabaseLocation = { kind: 'sqlite', file: join(folder, 'first.db') };
    const last: DatabaseLocation = { kind: 'sqlite', file: join(folder, 'last.db') };
    const [one, other] = [await database(), await database()];
    await fillInsights(first.file, 20);
    const way = [first, one, other, last];
    for (const [at, source] of way.slice(0, -1).entries()) {
      const target = way[at + 1];
      if (target === undefined) throw new Error('the way ends here');
      expect(await move(source, target)).toMatchObject({ ok: true });
      expect(await differing(source, target)).toBe(0);
    }
    expect(await differing(first, last)).toBe(0);
  });

  test('what changes there meanwhile is noted and comes over; closed it refuses changes, and cancelled it takes them', async () => {
    const folder = await folderInMemory();
    const file: DatabaseLocation = { kind: 'sqlite', file: join(folder, 'first.db') };
    const target: DatabaseLocation = { kind: 'sqlite', file: join(folder, 'target.db') };
    const source = await database();
    await fillInsights(file.file, 20);
    await move(file, source);
    expect(await move(source, target, false)).toMatchObject({ ok: true });
    const { db } = await contents(source);
    await db.run({ text: 'UPDATE dbo.scorpiox_rollup SET [count] = [count] + 0.1;' });
    await db.run({ text: 'DELETE FROM dbo.scorpiox_event WHERE app_id = 1;' });
    expect(await differing(source, target)).toBeGreaterThan(0);
    expect(await move(source, target)).toMatchObject({ ok: true, value: { rows: 0 } });
    expect(await differing(source, target)).toBe(0);
    const change = () => db.run({ text: 'UPDATE dbo.scorpiox_app_counter SET late = late + 1;' });
    await expect(change()).rejects.toThrow('this database has moved to');
    expect(await runCancel({ source, target }, { ...opening, stop })).toMatchObject({ ok: true });
    expect((await change()).affected).toBeGreaterThan(0);
  });
});
