import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { soak } from './soak.ts';

const TURNS = 5;
const ACTIONS = 60;

test('many processes on one Maildir: nothing lost, doubled or misnamed, and every observer sees what is there', async () => {
  const seed = Number(process.env.SCORPIOX_SOAK_SEED ?? randomInt(1_000_000));
  const report = await soak({ seed, actions: ACTIONS, more: (turns) => turns < TURNS });
  expect(report.wrong, `seed ${seed}`).toEqual([]);
  expect(report.turns).toBe(TURNS);
  for (const what of ['append', 'appendAll', 'store', 'copy', 'move', 'expunge', 'rename', 'mailbox']) {
    expect(report.tally.get(what), what).toBeGreaterThan(0);
  }
}, 180_000);
