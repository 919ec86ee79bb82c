import { describe, expect, test } from 'vitest';
import { databaseActions } from '../../src/ops/db/actions/actions.ts';
import { adviseMaxdop, adviseMemory } from '../../src/ops/db/tune/formulas.ts';
import { planTune } from '../../src/ops/db/tune/plan.ts';
import { Actions } from '../../src/ops/plan/action.ts';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';
import { fakeServer } from './fake-server.ts';

describe('the formula of memory leaves the system its share', () => {
  test.each([
    [8_192, 5_120],
    [7_962, 4_890], // what a machine of 8 GB tells
    [4_096, 2_048],
    [16_384, 11_264],
    [32_768, 25_600],
    [65_536, 54_272],
    [1_024, 128],
  ])('of %i MB: %i', (host, value) => {
    expect(adviseMemory(host).value).toBe(value);
  });

  test('and shows its sum', () => {
    expect(adviseMemory(8_192).because).toBe(
      '8,192 MB of the host − 1 GB − 2 GB (1 for each 4 GB up to 16) = 5,120 MB',
    );
  });
});

test.each([
  [4, 1, 4],
  [16, 1, 8],
  [32, 2, 16],
  [64, 2, 16],
  [40, 2, 10],
  [1, 1, 1],
])('a statement uses of %i cores in %i nodes at most %i', (cores, nodes, value) => {
  expect(adviseMaxdop(cores, nodes).value).toBe(value);
});

/** A server whose options can be set. */
function server() {
  const options = new Map([
    ['cost threshold for parallelism', 5],
    ['max degree of parallelism', 0],
    ['max server memory (MB)', 2_147_483_647],
  ]);
  const db = fakeServer([
    [
      'sys.sp_configure',
      () => {
        for (const [, name = '', value] of db.ran.at(-1)?.text.matchAll(/EXEC sys\.sp_configure N'([^']+)', (\d+);/g) ??
          []) {
          if (options.has(name)) options.set(name, Number(value));
        }
        return [];
      },
    ],
    [
      'FROM sys.configurations',
      () => [...options].map(([name, value]) => ({ name, configured: value, in_use: value })),
    ],
    [
      'FROM sys.dm_os_sys_info',
      [
        {
          cpu_count: 4,
          numa_node_count: 1,
          memory_mb: 8_192,
          used_mb: 7_000,
          aimed_mb: 7_100,
          started: '2026-03-01T04:00:00',
        },
      ],
    ],
  ]);
  const actions = new Actions(databaseActions({ open: (_, use) => use(db) }));
  return { db, options, actions };
}

test("the journal's machine: 5,120 MB and 2 cores, set in one step and set back", async () => {
  const { db, options, actions } = server();
  const planned = await planTune(db, actions, { maxMemoryMb: 'auto', maxdop: 2 });
  if (!planned.ok) throw new Error(planned.error.message);
  expect(planned.value.told).toEqual([
    'max server memory (MB): 2147483647 (no limit) → 5,120 (8,192 MB of the host − 1 GB − 2 GB (1 for each 4 GB up to 16) = 5,120 MB).',
    'max degree of parallelism: 0 (no limit) → 2 (as was said).',
  ]);
  const [step, ...more] = planned.value.plan.steps;
  expect(more).toEqual([]);
  expect(step).toMatchObject({
    canUndo: true,
    before: {
      [`max server memory (MB) of ${db.name}`]: '2147483647',
      [`max degree of parallelism of ${db.name}`]: '0',
    },
  });
  const deed = step && actions.bind(step.action);
  expect(await deed?.perform()).toEqual({ ok: true, value: undefined });
  expect([...options.values()]).toEqual([5, 2, 5_120]);
  expect(await deed?.look()).toEqual(step?.after);
  const back = deed?.inverse && actions.bind(deed.inverse.action);
  expect(await back?.perform()).toEqual({ ok: true, value: undefined });
  expect([...options.values()]).toEqual([5, 0, 2_147_483_647]);
});

test('what is set already is no step, and a value that does not come into force is a failure', async () => {
  const { db, actions } = server();
  expect(await planTune(db, actions, { costThreshold: 5 })).toMatchObject({ ok: true, value: { plan: { steps: [] } } });
  const stubborn = fakeServer([
    ['sys.sp_configure', []],
    ['FROM sys.configurations', [{ name: 'cost threshold for parallelism', configured: 5, in_use: 5 }]],
  ]);
  const kinds = new Actions(databaseActions({ open: (_, use) => use(stubborn) }));
  const planned = await planTune(stubborn, kinds, { costThreshold: 'auto' });
  const action = planned.ok ? planned.value.plan.steps[0]?.action : undefined;
  expect(await (action && kinds.bind(action)?.perform())).toMatchObject({
    ok: false,
    error: { message: 'cost threshold for parallelism was set to 50, and 5 is in force.' },
  });
});

test('SQLite has no such options: it is refused, and says so', async () => {
  const dir = ['--data-dir', await temporaryFolder()];
  await scorpioxHere(['app', 'list', ...dir]);
  const refused = await scorpioxHere(['db', 'tune', '--max-memory', 'auto', ...dir]);
  expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('there is no server whose memory') });
  expect(await scorpioxHere(['db', 'tune', ...dir])).toMatchObject({ code: 64 });
  expect(await scorpioxHere(['db', 'tune', '--maxdop', 'many', ...dir])).toMatchObject({ code: 64 });
});
