import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { SAME_SIGNAL_MS } from '../src/ops/limits.ts';
import { listenForStop } from '../src/signals.ts';

function listen() {
  const source = new EventEmitter();
  let now = 0;
  const signals = listenForStop(source, () => now);
  const at = (time: number, signal: string) => {
    now = time;
    source.emit(signal);
    return [signals.stop.aborted, signals.force.aborted];
  };
  return { source, signals, at };
}

it('takes the same Ctrl-C from terminal, npm and launcher for one', () => {
  const { at } = listen();
  expect(at(0, 'SIGINT')).toEqual([true, false]);
  expect(at(300, 'SIGINT')).toEqual([true, false]);
  // Each is close to the one before, however long the row.
  expect(at(300 + SAME_SIGNAL_MS - 1, 'SIGTERM')).toEqual([true, false]);
});

it('takes a later one for impatience', () => {
  const { at } = listen();
  at(0, 'SIGTERM');
  expect(at(SAME_SIGNAL_MS, 'SIGINT')).toEqual([true, true]);
});

it('leaves signals alone when it is done', () => {
  const { source, signals } = listen();
  signals.dispose();
  expect(source.eventNames()).toEqual([]);
});
