import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { READY_TIMEOUT_MS } from '../../src/ops/limits.ts';
import { readiness } from '../../src/ops/up/readiness.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ALMOST = READY_TIMEOUT_MS - 1;

function watch() {
  // Of a process no more than its events is looked at.
  const child = new EventEmitter() as ChildProcess;
  const kill = vi.fn(() => void child.emit('close'));
  return { child, kill, ready: readiness(child, kill) };
}

it('ends a part that says nothing', async () => {
  const { kill, ready } = watch();
  vi.advanceTimersByTime(READY_TIMEOUT_MS);
  expect(await ready).toBeUndefined();
  expect(kill).toHaveBeenCalledOnce();
});

it('waits for one that says that it is starting, however long, and not when it falls silent', async () => {
  const { child, kill } = watch();
  for (let minute = 0; minute < 100; minute++) {
    vi.advanceTimersByTime(ALMOST);
    child.emit('message', { type: 'starting', work: [] });
  }
  child.emit('message', { type: 'something else' });
  vi.advanceTimersByTime(ALMOST);
  expect(kill).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(kill).toHaveBeenCalledOnce();
});

it('does not begin to wait again for one that was ready', async () => {
  const { child, kill, ready } = watch();
  child.emit('message', { type: 'ready', addresses: ['http://127.0.0.1:1', 7] });
  child.emit('message', { type: 'starting', work: [] });
  vi.advanceTimersByTime(10 * READY_TIMEOUT_MS);
  expect(await ready).toEqual(['http://127.0.0.1:1']);
  expect(kill).not.toHaveBeenCalled();
});
