import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { topFields, topLines, topSummary } from '../../src/commands/db/top-rows.ts';
import { toSession } from '../../src/ops/db/sessions/session.ts';
import type { Screen } from '../../src/output/screen.ts';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';
import { holdOpen } from './holder.ts';
import { sessionRow } from './session-rows.ts';

const running = (session_id: number, total_elapsed_time: number, blocking_session_id = 0) =>
  toSession(
    sessionRow({
      session_id,
      request_status: 'running',
      command: 'SELECT',
      wait_type: blocking_session_id === 0 ? null : 'LCK_M_S',
      wait_time: 900,
      wait_resource: '',
      blocking_session_id,
      cpu_time: 1_500,
      total_elapsed_time,
      logical_reads: 120_000,
      percent_complete: 0,
      query_hash: '0x00000000DEADBEEF',
      quiet_ms: null,
      statement: 'SELECT *\n\tFROM dbo.Requests',
    }),
  );

const sessions = [
  toSession(sessionRow({ session_id: 55, is_own: 1, program_name: 'scorpiox-db' })),
  toSession(sessionRow({ session_id: 70, open_transaction_count: 1 })),
  running(60, 4_000),
  running(61, 9_000, 60),
];

test('what runs longest comes first, then what holds a transaction', () => {
  const work = { kind: 'sqlserver', sessions } as const;
  expect(topFields(work).map(({ session }) => session)).toEqual([61, 60, 70, 55]);
  expect(topFields(work)[0]).toMatchObject({ blockedBy: 60, waitType: 'LCK_M_S', cpuMs: 1_500, elapsedMs: 9_000 });
  expect(topSummary(work)).toBe('4 sessions, 2 at work, 1 blocked');
  const [heading, first] = topLines(work, (_, text) => text);
  expect(heading).toMatch(/^ID +PROGRAM +LOGIN +DATABASE +DOES +WAIT +BLOCKED +CPU +READS +OPEN +STATEMENT$/);
  expect(first).toMatch(
    /^61 +app +sa +insights +SELECT 9 s +LCK_M_S 1 s +by 60 +1,500 ms +120,000 +0 +SELECT \* FROM dbo\.Requests$/,
  );
});

test.runIf(process.platform === 'linux')('of a file, the processes that have it open', async () => {
  const file = join(await temporaryFolder(), 'x.db');
  const { pid } = await holdOpen(file, 'INSERT INTO t VALUES (1); BEGIN; SELECT * FROM t');
  const args = ['db', 'top', '--on', `sqlite:${file}`];
  const shown = await scorpioxHere([...args, '--json']);
  expect(JSON.parse(shown.stdout)).toMatchObject([{ pid, reads: true, writes: false }]);
  expect(JSON.parse(shown.stdout)[0].command, 'without what may be secret').toBe(process.execPath);
  expect(shown.stderr).toContain('-- [1] sqlite:');
  expect((await scorpioxHere([...args, '--quiet', '--json'])).stderr).toBe('');

  const pages: string[] = [];
  let press: (key: string) => void = () => {};
  const screen: Screen = {
    columns: 120,
    rows: 20,
    draw: (lines) => void pages.push(lines.join('\n')),
    onKey: (listener) => {
      press = listener;
    },
    onResize: () => {},
    close: () => {},
  };
  const ended = scorpioxHere([...args, '--watch'], { atTerminal: true, screen });
  await vi.waitFor(() => expect(pages.length).toBeGreaterThan(0), { timeout: 30_000 });
  expect(pages[0]).toContain('1 other process has the file open, 1 reading, 0 writing');
  press('q');
  expect(await ended).toMatchObject({ code: 0 });
});
