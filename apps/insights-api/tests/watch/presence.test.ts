import { expect, test } from 'vitest';
import { PRESENCE_KEPT_MS } from '../../src/limits.ts';
import { Presence } from '../../src/watch/presence.ts';

test('a process knows of the others as of its last note, and is forgotten when it stops', async () => {
  let all: readonly string[] = ['a:1', 'b:1'];
  const calls: unknown[] = [];
  const presence = new Presence({
    control: {
      noteProcess: async (...given) => {
        calls.push(given);
        if (all.length === 0) throw new Error('away');
        return all;
      },
      removeProcess: async (name) => void calls.push(name),
    },
    instance: 'a:1',
    now: () => 5_000_000,
    pause: async () => {},
  });
  expect(presence.others).toEqual([]);
  await presence.note();
  expect(calls.splice(0)).toEqual([[{ name: 'a:1', at: 5_000_000 }, 5_000_000 - PRESENCE_KEPT_MS]]);
  expect(presence.others).toEqual(['b:1']);
  all = [];
  await expect(presence.note()).rejects.toThrow('away');
  expect(presence.others).toEqual(['b:1']);
  all = ['a:1'];
  await presence.note();
  expect(presence.others).toEqual([]);
  calls.length = 0;
  await presence.stop();
  expect(calls).toEqual(['a:1']);
});
