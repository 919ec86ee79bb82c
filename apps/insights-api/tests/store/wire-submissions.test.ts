import { expect, test } from 'vitest';
import { fromWire, toWire } from '../../src/store/wire-submissions.ts';
import { identified, submission } from '../helpers/events.ts';

const full = identified({
  id: 'a',
  message: 'naïve 😀 \u0000 "quoted"\n',
  code: '200',
  properties: { __proto__x: '1', ключ: 'значение' },
  measurements: { ratio: 0.1, most: 2 ** 53 - 1, least: -5e-324 },
});

test('submissions arrive at another thread as they were sent, each hash with its own event', () => {
  const own = JSON.parse('{"__proto__": "a key like any other"}');
  const sent = [
    submission(1, [full, identified({ id: 'b' })], { dropped: { 'too-old': 3 } }),
    submission(2, []),
    submission(3, [identified({ properties: own }), identified({ id: 'c', success: false })]),
  ];
  const arrived = fromWire(structuredClone(toWire(sent)));
  expect(arrived).toEqual(sent);
  expect(Object.keys(arrived[2]?.events[0]?.event.properties ?? {})).toEqual(['__proto__']);
});

test('a hash that is none does not shift those of its neighbours', () => {
  const short = { ...full, hash: new Uint8Array([1, 2, 3]) };
  const sent = [submission(1, [short, identified({ id: 'b' })]), submission(2, [identified({ id: 'c' })])];
  expect(fromWire(toWire(sent))).toEqual(sent);
});
