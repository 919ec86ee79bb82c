import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Keeper } from '../../src/ops/up/keeper.ts';
import { isAlive } from '../support/processes.ts';

const CHILD = fileURLToPath(new URL('./part-child.ts', import.meta.url));

function keep(does: string): { keeper: Keeper; printed: string[] } {
  const printed: string[] = [];
  const env = { ...process.env, PART_DOES: does };
  const keeper = new Keeper({ name: 'part', entry: CHILD, env, cwd: '/' }, (line) => printed.push(line));
  onTestFinished(() => keeper.kill());
  return { keeper, printed };
}

const pidsIn = (printed: readonly string[]): number[] =>
  printed.flatMap((line) => /grandchild (\d+)/.exec(line)?.[1] ?? []).map(Number);

async function pidOf(keeper: Keeper): Promise<number> {
  const started = await keeper.started;
  return started.ok ? Number(started.value[0]?.slice('test://'.length)) : Number.NaN;
}

it('gives up at the first start when the port is in use, with what the part said', async () => {
  const { keeper, printed } = keep('port-in-use');
  expect(await keeper.started).toMatchObject({ ok: false, error: { kind: 'unavailable' } });
  expect(printed).toEqual(['part | Port 1143 is in use.']);
  await keeper.stop();
});

it('gives up after a few unexplained deaths at the first start', async () => {
  const { keeper, printed } = keep('crash');
  expect(await keeper.started).toMatchObject({ ok: false, error: { kind: 'unavailable' } });
  expect(printed.filter((line) => line.includes('starting it again'))).toHaveLength(2);
});

it('starts a part again that died, and leaves nothing of the dead one', async () => {
  const { keeper, printed } = keep('run');
  const first = await pidOf(keeper);
  process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(printed).toContain('part is back.'), 20_000);
  expect(printed.some((line) => line.startsWith('part ended (killed by SIGKILL); starting it again in 0.5 s'))).toBe(
    true,
  );
  const [oldGrandchild, newGrandchild] = pidsIn(printed);
  await vi.waitFor(() => expect(isAlive(oldGrandchild ?? 0)).toBe(false), 20_000);
  expect([isAlive(first), isAlive(newGrandchild ?? 0)]).toEqual([false, true]);
  await keeper.stop();
  await vi.waitFor(() => expect(isAlive(newGrandchild ?? 0)).toBe(false), 20_000);
});

it('starts nothing more when it is stopped between two runs', async () => {
  const { keeper, printed } = keep('run');
  process.kill(await pidOf(keeper), 'SIGKILL');
  await vi.waitFor(() => expect(printed.some((line) => line.includes('starting it again'))).toBe(true), 20_000);
  await keeper.stop();
  expect(pidsIn(printed)).toHaveLength(1);
});

it('ends a part that does not listen to SIGTERM when it is told to kill', async () => {
  const { keeper, printed } = keep('deaf');
  const pid = await pidOf(keeper);
  const stopped = keeper.stop();
  keeper.kill();
  await stopped;
  expect(pidsIn(printed)).toHaveLength(1);
  await vi.waitFor(() => expect([pid, ...pidsIn(printed)].filter(isAlive)).toEqual([]), 20_000);
});
