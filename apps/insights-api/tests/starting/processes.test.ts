import { writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { ALL_VERSIONS, type OutdatedDatabase, outdatedDatabase } from '../helpers/outdated.ts';
import { type Program, startProgram } from '../helpers/process.ts';

/** The API on a database whose last migration stands still until `go`. */
function startSlowly({ folder }: OutdatedDatabase) {
  const program = startProgram('tests/programs/starts-slowly.ts', [], {
    SCORPIOX_DATA_DIR: folder,
    SCORPIOX_INSIGHTS_PORT: '0',
  });
  const ready = new Promise<void>((resolve) =>
    program.child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready') resolve();
    }),
  );
  return { ...program, ready };
}

const addressOf = async ({ output }: Program): Promise<string> => {
  await vi.waitFor(() => expect(output()).toMatch(/http:/), { timeout: 30_000 });
  return /http:\/\/[\d.:]+/.exec(output())?.[0] ?? '';
};

/** The work under way as /readyz tells it, once it is like this. */
async function seen(program: Program, expected: object): Promise<void> {
  const address = await addressOf(program);
  const look = async () => {
    const answer = await fetch(`${address}/readyz`);
    // The body that the tests of the app itself look at.
    const { work } = (await answer.json()) as { readonly work: readonly object[] };
    expect([answer.status, work]).toEqual([503, [expect.objectContaining(expected)]]);
  };
  await vi.waitFor(look, { timeout: 30_000 });
}

const go = ({ file }: OutdatedDatabase) => writeFileSync(`${file}.go`, '');
const IN_LAST_STEP = { name: 'migration', detail: expect.stringContaining(`version ${ALL_VERSIONS.length}:`) };

test('killed in the middle, nothing is done; the next start does it all', async () => {
  const old = outdatedDatabase();
  const first = startSlowly(old);
  await seen(first, IN_LAST_STEP);
  first.child.kill('SIGKILL');
  await first.ended;
  expect([old.versions(), old.has('hour_rollups')]).toEqual([[1, 2], false]);
  go(old);
  const second = startSlowly(old);
  await second.ready;
  expect([old.versions(), old.has('hour_rollups')]).toEqual([ALL_VERSIONS, true]);
});

test('of two processes that start at once one migrates and the other waits; both come up', async () => {
  const old = outdatedDatabase();
  const first = startSlowly(old);
  await seen(first, IN_LAST_STEP);
  const second = startSlowly(old);
  await seen(second, { percent: null, detail: 'waits for another process to finish' });
  go(old);
  await Promise.all([first.ready, second.ready]);
  expect(old.versions()).toEqual(ALL_VERSIONS);
});

test('told to stop in the middle of a statement, it ends at once and nothing is done', async () => {
  const old = outdatedDatabase();
  writeFileSync(`${old.file}.endless`, '');
  const program = startSlowly(old);
  await seen(program, IN_LAST_STEP);
  program.child.kill('SIGTERM');
  expect(await program.ended).toEqual([null, 'SIGTERM']);
  expect(old.versions()).toEqual([1, 2]);
});
