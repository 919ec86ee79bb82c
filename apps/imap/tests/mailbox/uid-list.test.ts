import { expect, test } from 'vitest';
import { UidList } from '../../src/mailbox/uid-list.ts';

test('it is the list that an array would be, whatever arrives and goes', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const list = new UidList(Uint32Array.of(2, 3, 5));
  let model = [2, 3, 5];
  let next = 6;
  for (let round = 0; round < 2000; round += 1) {
    const arrived = Array.from({ length: random(4) }, () => {
      next += 1 + random(3);
      return next;
    });
    list.append(arrived);
    model.push(...arrived);
    const gone = new Set(model.filter(() => random(12) === 0));
    list.remove(gone);
    model = model.filter((uid) => !gone.has(uid));
    const asked = random(next + 2);
    const start = random(model.length + 2);
    const found = model.indexOf(asked);
    expect([list.count, list.last, list.at(start), list.placeOf(asked), list.firstAtLeast(asked)]).toEqual([
      model.length,
      model.at(-1),
      model[start],
      found === -1 ? undefined : found,
      model.filter((uid) => uid < asked).length,
    ]);
    expect([...list.slice(start, start + 3)]).toEqual(model.slice(start, start + 3));
  }
});

test('the highest UID has its place', () => {
  const list = new UidList(new Uint32Array());
  list.append([4294967295]);
  expect([list.placeOf(4294967295), list.last, list.at(1), list.placeOf(1)]).toEqual([
    0,
    4294967295,
    undefined,
    undefined,
  ]);
});
