// `scorpiox db` against a SQL Server, from the command line to the wire: the API's peer stands in for the server, and runs no SQL.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '@scorpiox/shared/database/console';
import { expect, onTestFinished, test } from 'vitest';
import { night } from '../../apps/cli/tests/db/night.ts';
import { scorpioxHere } from '../../apps/cli/tests/support/here.ts';
import { temporaryFolder } from '../../apps/cli/tests/support/scorpiox.ts';
import { TdsPeer } from '../../apps/insights-api/tests/tds/peer.ts';

const PASSWORD = 'hidden-from-all';

/** A peer that answers by the text, and a command line that names it by a file with its password. */
async function served(answer: (text: string) => readonly Row[]) {
  const peer = new TdsPeer({
    answer: ({ text }) => [answer(text)],
    begin: () => Promise.reject(new Error('nothing here is a transaction')),
  });
  await peer.listen();
  onTestFinished(() => peer.goAway());
  const folder = await temporaryFolder();
  const url = `mssql://sa:${PASSWORD}@127.0.0.1:${peer.port}/insights?encrypt=false`;
  const file = join(folder, 'address');
  writeFileSync(file, url, { mode: 0o600 });
  const env = { XDG_STATE_HOME: join(folder, 'state') };
  const run = (args: readonly string[], more = {}) => scorpioxHere(args, { cwd: folder, env: { ...env, ...more } });
  const runs = join(folder, 'state', 'scorpiox', 'runs');
  const journals = () => readdirSync(runs).map((name) => readFileSync(join(runs, name), 'utf8'));
  return { run, url, journals, on: `@${file}` };
}

/** A server whose options can be set, and that tells what it was told. */
function tunable() {
  const options = new Map([
    ['cost threshold for parallelism', 5],
    ['max degree of parallelism', 0],
    ['max server memory (MB)', 2_147_483_647],
  ]);
  const answer = (text: string): readonly Row[] => {
    if (text.includes('sys.dm_os_sys_info')) {
      return [
        { cpu_count: 4, numa_node_count: 1, memory_mb: 8_192, used_mb: 7_600, aimed_mb: 7_700, started: '2026-03-01' },
      ];
    }
    for (const [, name = '', value] of text.matchAll(/EXEC sys\.sp_configure N'([^']+)', (\d+);/g)) {
      if (options.has(name)) options.set(name, Number(value));
    }
    return [...options].map(([name, value]) => ({ name, configured: value, in_use: value }));
  };
  return { options, answer };
}

test('what is tuned is journaled without the password and set back, by a file or the configuration', async () => {
  const { options, answer } = tunable();
  const { run, url, journals, on } = await served(answer);
  const tune = ['db', 'tune', '--max-memory', 'auto', '--maxdop', '2', '--on', on];
  expect((await run(tune)).code).toBe(3);
  expect(options.get('max degree of parallelism')).toBe(0);
  const applied = await run([...tune, '--apply', '--yes', '--jq', '.run']);
  expect(applied.code, applied.stderr).toBe(0);
  expect([...options.values()]).toEqual([5, 2, 5_120]);
  const name = applied.stdout.trim();
  expect(journals().join()).toContain('2147483647');

  const lost = await run(['undo', name, '--apply', '--yes']);
  expect(lost).toMatchObject({ code: 5, stderr: expect.stringContaining('is not known here') });
  const back = await run(['undo', name, '--apply', '--yes', '--on', on, '--jq', '.run']);
  expect(back.code, back.stderr).toBe(0);
  expect([...options.values()]).toEqual([5, 0, 2_147_483_647]);
  const again = await run(['undo', back.stdout.trim(), '--apply', '--yes'], { SCORPIOX_INSIGHTS_DATABASE: url });
  expect(again.code, again.stderr).toBe(0);
  expect([...options.values()]).toEqual([5, 2, 5_120]);

  const printed = [applied, lost, back, again].map(({ stdout, stderr }) => stdout + stderr);
  expect([...journals(), ...printed].join()).not.toContain(PASSWORD);
});

test("the journal's night on one page, and how it is explained", async () => {
  const answers = night();
  const { run, on } = await served((text) => {
    const known = answers.find(([piece]) => text.includes(piece));
    if (known === undefined) throw new Error(`nobody answers ${text}`);
    return typeof known[1] === 'function' ? known[1]() : known[1];
  });
  const { code, stdout, stderr } = await run(['db', 'health', '--on', on, '--json']);
  expect(code).toBe(3);
  const { findings } = JSON.parse(stdout);
  expect(findings.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(['blocking:57', 'insert-looks-first:Requests', 'computed-column:dbo.Requests.DurationMs']),
  );
  expect(findings[0].mend).toBe(`scorpiox db blocking --on ${on}; scorpiox db kill 57 --on ${on}`);
  expect(stderr).toContain('SET LOCK_TIMEOUT 5000;');
  expect(stdout + stderr).not.toContain(PASSWORD);
  const blocked = await run(['db', 'blocking', '--on', on, '--jq', '.[0].session']);
  expect(blocked).toMatchObject({ code: 3, stdout: '57\n' });
  const top = await run(['db', 'top', '--on', on, '--jq', 'length']);
  expect(top).toMatchObject({ code: 0, stdout: '82\n' });
});
