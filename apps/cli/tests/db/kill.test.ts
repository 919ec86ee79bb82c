import { ConsoleError, type Row } from '@scorpiox/shared/database/console';
import { expect, test } from 'vitest';
import { databaseActions } from '../../src/ops/db/actions/actions.ts';
import { planKill, rollbackState } from '../../src/ops/db/kill/plan.ts';
import { Actions } from '../../src/ops/plan/action.ts';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';
import { fakeServer } from './fake-server.ts';
import { sessionRow } from './session-rows.ts';

/** Sessions 51 (this tool's) and 57 (a writer with an open transaction), which goes when it is killed. */
function server(isSlow = false) {
  let sessions: readonly Row[] = [
    sessionRow({ session_id: 51, is_own: 1 }),
    sessionRow({ session_id: 57, login_name: 'telemetry', program_name: 'shop', open_transaction_count: 1 }),
  ];
  const db = fakeServer([
    [
      'KILL 57 WITH STATUSONLY',
      {
        sets: [],
        affected: 0,
        messages: ['SPID 57: transaction rollback in progress. Estimated rollback completion: 80%.'],
      },
    ],
    [
      'KILL 57;',
      () => {
        if (!isSlow) sessions = sessions.slice(0, 1);
        return [];
      },
    ],
    ['WHERE session_id = @session AND', () => sessions.slice(1).map(() => ({ signed_in: '2026-03-21 01:02:03.120' }))],
    ['FROM sys.dm_exec_sessions', () => sessions],
    [
      'sys.dm_tran_session_transactions',
      [{ database_name: 'insights', begun: '2026-03-21T01:05:00', log_bytes: 5_000_000, log_records: 12_000 }],
    ],
  ]);
  return { db, actions: new Actions(databaseActions({ open: (_, use) => use(db) })) };
}

test('a session is told with what it would roll back, and ended by name only', async () => {
  const { db, actions } = server();
  const ending = await planKill(db, actions, 57);
  expect(ending).toMatchObject({
    ok: true,
    value: {
      plan: {
        confirm: '57',
        steps: [{ canUndo: false, before: { [`session 57 of ${db.name}`]: 'signed in 2026-03-21 01:02:03.120' } }],
      },
      transactions: [{ database: 'insights', logBytes: 5_000_000 }],
    },
  });
  const action = ending.ok ? ending.value.plan.steps[0]?.action : undefined;
  const deed = action && actions.bind(action);
  expect(await deed?.perform()).toMatchObject({ ok: true });
  expect(db.ran.map(({ text }) => text)).toContain('KILL 57;');
  expect(await rollbackState(db, 57)).toBeUndefined();
});

test('a rollback that goes on is told in the words of the server', async () => {
  const { db } = server(true);
  expect(await rollbackState(db, 57)).toContain('Estimated rollback completion: 80%');
});

test('one whose rollback ended meanwhile is gone', async () => {
  const db = fakeServer([
    ['WITH STATUSONLY', new ConsoleError('refused', 'Rollback operation for Process ID 57 is not in progress.', 6120)],
    ['FROM sys.dm_exec_sessions', [sessionRow({ session_id: 57 })]],
  ]);
  expect(await rollbackState(db, 57)).toBeUndefined();
});

test('neither the own session nor one of the system is ended', async () => {
  const { db, actions } = server();
  expect(await planKill(db, actions, 51)).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(await planKill(db, actions, 9)).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(db.ran.some(({ text }) => text.startsWith('KILL'))).toBe(false);
});

test('SQLite has no sessions', async () => {
  const dir = ['--data-dir', await temporaryFolder()];
  await scorpioxHere(['app', 'list', ...dir]);
  expect(await scorpioxHere(['db', 'kill', '57', ...dir])).toMatchObject({ code: 5 });
  expect(await scorpioxHere(['db', 'kill', 'x', ...dir])).toMatchObject({ code: 64 });
});
