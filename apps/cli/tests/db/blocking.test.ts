import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blockingFields, blockingLines } from '../../src/commands/db/blocking-rows.ts';
import { holdingsOf, parseLocks } from '../../src/ops/db/holders/proc-locks.ts';
import { blockingTrees, countWaiting } from '../../src/ops/db/sessions/chain.ts';
import { toSession } from '../../src/ops/db/sessions/session.ts';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';
import { holdOpen } from './holder.ts';
import { sessionRow } from './session-rows.ts';

const waiting = (session_id: number, blocking_session_id: number) =>
  toSession(
    sessionRow({
      session_id,
      request_status: 'suspended',
      command: 'INSERT',
      wait_type: 'LCK_M_RS_U',
      wait_time: 4_000,
      wait_resource: 'KEY: 5:72057594 (8194443284a0)',
      blocking_session_id,
      cpu_time: 10,
      total_elapsed_time: 4_200,
      logical_reads: 12,
      percent_complete: 0,
      quiet_ms: null,
      statement: 'INSERT INTO dbo.Requests\n  VALUES (@p1)',
    }),
  );
const holder = toSession(
  sessionRow({
    session_id: 57,
    program_name: 'shop',
    login_name: 'telemetry',
    open_transaction_count: 1,
    quiet_ms: 180_000,
    statement: 'UPDATE t',
  }),
);

test('the chain begins with whom all wait for, directly or not', () => {
  const trees = blockingTrees([
    waiting(60, 57),
    waiting(61, 60),
    waiting(62, 57),
    holder,
    toSession(sessionRow({ session_id: 70 })),
  ]);
  expect(trees.map(({ session }) => session.id)).toEqual([57]);
  expect(trees.map(countWaiting)).toEqual([3]);
  expect(blockingFields(trees).map(({ session, blockedBy, depth }) => [session, blockedBy, depth])).toEqual([
    [57, null, 0],
    [60, 57, 1],
    [61, 60, 2],
    [62, 57, 1],
  ]);
  expect(blockingLines(trees).slice(0, 4)).toEqual([
    '57 shop (telemetry), has run nothing for 3 min, 1 transaction open',
    '    UPDATE t',
    '  60 app (sa), INSERT for 4 s, waits 4 s for LCK_M_RS_U KEY: 5:72057594 (8194443284a0)',
    '      INSERT INTO dbo.Requests VALUES (@p1)',
  ]);
});

test('a circle, which the server is about to end, and holders that are no sessions are shown too', () => {
  expect(blockingTrees([waiting(60, 61), waiting(61, 60)]).map(({ session }) => session.id)).toEqual([60]);
  const [orphan] = blockingTrees([waiting(60, -2)]);
  expect(orphan?.session.login).toBe('a distributed transaction without a session');
  expect(blockingTrees([waiting(60, 60)]), 'workers of one statement').toEqual([]);
});

test('the locks of SQLite, from what the kernel lists', () => {
  const locks = parseLocks(
    [
      '1: POSIX  ADVISORY  WRITE 100 08:01:77 120 120',
      '2: POSIX  ADVISORY  READ  101 08:01:77 124 124',
      '3: POSIX  ADVISORY  READ 101 08:01:77 124 124',
      '3: -> POSIX  ADVISORY  WRITE 102 08:01:77 120 120',
      '4: POSIX  ADVISORY  READ 103 08:01:55 1073741826 1073742335',
      '5: POSIX  ADVISORY  WRITE 104 08:01:55 1073741825 1073741825',
      '6: FLOCK  ADVISORY  WRITE 105 08:01:99 0 EOF',
      '7: POSIX  ADVISORY  READ 106 08:01:77 128 128',
    ].join('\n'),
  );
  expect(Object.fromEntries(holdingsOf(locks, { database: '55', shm: '77' }))).toEqual({
    100: { reads: false, writes: true },
    101: { reads: true, writes: false },
  });
  expect(Object.fromEntries(holdingsOf(locks, { database: '55' }))).toEqual({
    103: { reads: true, writes: false },
    104: { reads: false, writes: true },
  });
});

test.runIf(process.platform === 'linux')('who writes to a file of SQLite is seen', async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'data'));
  const file = join(folder, 'data', 'x.db');
  const other = await holdOpen(file, 'BEGIN IMMEDIATE; INSERT INTO t VALUES (1)');
  expect(statSync(file).size).toBeGreaterThan(0);
  const args = ['db', 'blocking', '--on', `sqlite:${file}`, '--json'];
  const seen = await scorpioxHere(args);
  expect(seen.code).toBe(3);
  expect(JSON.parse(seen.stdout)).toMatchObject([{ pid: other.pid, writes: true }]);
  await other.end();
  expect(await scorpioxHere(args)).toMatchObject({ code: 0, stdout: '[]\n' });
});

test('a file that is none is told', async () => {
  const file = join(await temporaryFolder(), 'none.db');
  expect(await scorpioxHere(['db', 'blocking', '--on', `sqlite:${file}`])).toMatchObject({ code: 69 });
});
