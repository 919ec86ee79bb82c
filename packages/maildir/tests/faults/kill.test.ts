/**
 * `kill -9` at random points of everything that writes. One process leads several lives at once, each in a Maildir of its
 * own, so that one start of a program serves several deaths.
 */
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMailStore } from '../../src/index.ts';
import { Child, closeQuietly, name, value } from '../helpers.ts';
import { scratch } from '../scratch.ts';
import { KillJournal } from './kill-journal.ts';
import { randomFrom } from './random.ts';
import { examine, NOTHING, type World } from './world.ts';

const LIVES = 10;
const KILLS = 30;

async function open(folder: string) {
  return value(await openMailStore({ maildir: join(folder, 'Maildir'), indexFile: join(folder, 'index') }));
}

async function born(folder: string): Promise<World> {
  mkdirSync(folder, { recursive: true });
  const store = await open(folder);
  for (const box of ['Work', 'Copies']) value(await store.create(name(box)));
  const { world } = await examine(store, {}, { ...NOTHING, mailboxes: ['INBOX', 'Work', 'Copies'] });
  await closeQuietly(store);
  return world;
}

/** What the child says, by the life it concerns: up to its first answer, or all there is. */
async function listen(child: Child, journals: readonly KillJournal[], upTo: 'answer' | 'end'): Promise<void> {
  for (let line = await child.line(); line !== undefined; line = await child.line()) {
    const [, kind = '', number = '', text = ''] = /^([IA]) (\d+) (\{.*\})$/.exec(line) ?? [];
    if (text !== '') journals[Number(number)]?.read(kind, text);
    if (kind === 'A' && upTo === 'answer') return;
  }
}

test('killed at random, hundreds of times, a store keeps what it answered and leaves the rest whole or absent', async () => {
  const seed = Number(process.env.SCORPIOX_SOAK_SEED ?? randomInt(1_000_000));
  const random = randomFrom(seed);
  const home = scratch();
  const folders = Array.from({ length: LIVES }, (_, number) => join(home, String(number)));
  let worlds = await Promise.all(folders.map(born));
  const start = (round: number): Child => new Child('killable.ts', [String(seed + round), ...folders]);
  let answers = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const child = start(round);
    const journals = worlds.map((world) => new KillJournal(world));
    for (let ready = 0; ready < LIVES; ready += 1) expect(await child.line()).toContain('ready');
    child.say('go');
    // Every other time not before something was answered: on a busy machine it might else always die before that.
    if (round % 2 === 1) await listen(child, journals, 'answer');
    await new Promise((resolve) => setTimeout(resolve, random() * 60));
    await child.kill();
    expect(child.process.signalCode, `the program failed by itself, seed ${seed + round}`).toBe('SIGKILL');
    await listen(child, journals, 'end');
    const after = folders.map(async (folder, number) => {
      const journal = journals[number] ?? new KillJournal({});
      const store = await open(folder);
      const { broken, world } = await examine(store, journal.world, journal.underway);
      await closeQuietly(store);
      expect(broken, `life ${number}, round ${round}, seed ${seed}`).toEqual([]);
      answers += journal.answers;
      return world;
    });
    worlds = await Promise.all(after);
  }
  expect(answers).toBeGreaterThanOrEqual(KILLS / 2);
}, 600_000);
