import type { EventRecord } from '@scorpiox/shared/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { criticalPath, uncovered } from '../../src/query/trace/critical-path.ts';
import { describeTrace } from '../../src/query/trace/describe-trace.ts';
import { toTree } from '../../src/query/trace/tree.ts';
import type { StoredEvent } from '../../src/store/raw/raw-port.ts';

const START = 1_760_000_000_000_000;

/** A span from one millisecond to another; without an end something that happens at a moment. */
function event(
  id: string,
  parentId: string | undefined,
  from: number,
  to?: number,
  more: Partial<EventRecord> = {},
): StoredEvent {
  return {
    ...{ appId: 1, time: START + from * 1000, hash: id.padStart(32, '0') },
    details: {
      ...{ kind: to === undefined ? 'trace' : 'request', name: id, id, count: 1, receivedAt: '' },
      ...(parentId === undefined ? {} : { parentId }),
      ...(to === undefined ? {} : { durationMs: to - from }),
      ...more,
    },
  };
}

const namesOf = (events: readonly StoredEvent[]) =>
  toTree(events).map(({ event: { details }, depth }) => `${'  '.repeat(depth)}${details.name}`);

function path(events: readonly StoredEvent[]): readonly string[] {
  const spans = toTree(events);
  const ms = (time: number) => (time - START) / 1000;
  return criticalPath(spans).map(({ span, from, to }) => `${spans[span]?.event.details.name} ${ms(from)}-${ms(to)}`);
}

describe('the tree', () => {
  test('has parents before children, children by their beginning', () => {
    const events = [
      event('c', 'a', 20, 30),
      event('d', 'b', 12, 14),
      event('a', 'root', 0, 50),
      event('b', 'a', 10, 15),
    ];
    expect(namesOf(events)).toEqual(['a', '  b', '    d', '  c']);
  });

  test('leaves a root where a parent is not there, or where parents go in a circle', () => {
    expect(namesOf([event('b', 'gone', 5, 6), event('a', undefined, 0, 9)])).toEqual(['a', 'b']);
    expect(namesOf([event('a', 'c', 0, 9), event('b', 'a', 1, 8), event('c', 'b', 2, 7)])).toEqual([
      'a',
      '  b',
      '    c',
    ]);
    expect(namesOf([event('a', 'a', 0, 9)])).toEqual(['a']);
  });

  test('a chain as long as a trace is laid out', () => {
    const chain = Array.from({ length: 2000 }, (_, index) =>
      event(String(index), String(index - 1), index, 5000 - index),
    );
    expect(toTree(chain).at(-1)?.depth).toBe(1999);
    expect(path(chain)).toHaveLength(3999);
  });
});

describe('the critical path', () => {
  test('goes from a span to the children that it waited for', () => {
    const events = [
      event('root', undefined, 0, 100),
      event('early', 'root', 10, 40),
      event('parallel', 'root', 12, 35),
      event('late', 'root', 50, 90),
      event('inner', 'late', 60, 80),
    ];
    expect(path(events)).toEqual([
      'root 0-10',
      'early 10-40',
      'root 40-50',
      'late 50-60',
      'inner 60-80',
      'late 80-90',
      'root 90-100',
    ]);
  });

  test('takes a child that outlasts its parent as far as the parent, and leaves out one that nothing waited for', () => {
    expect(path([event('root', undefined, 0, 100), event('async', 'root', 50, 500)])).toEqual([
      'root 0-50',
      'async 50-100',
    ]);
    const overlapping = [
      event('root', undefined, 0, 100),
      event('first', 'root', 10, 60),
      event('second', 'root', 50, 90),
    ];
    expect(path(overlapping)).toEqual(['root 0-50', 'second 50-90', 'root 90-100']);
  });

  test('goes through a child whose duration is finer than the clock that says when the next began', () => {
    const events = [
      event('root', undefined, 0, 100),
      event('first', 'root', 10, 60.9),
      event('second', 'root', 60, 90),
      event('beside', 'root', 20, 61),
    ];
    expect(path(events)).toEqual(['root 0-10', 'first 10-60', 'second 60-90', 'root 90-100']);
  });

  test('goes through roots as they follow each other', () => {
    expect(path([event('a', 'gone', 0, 10), event('b', 'gone', 20, 30)])).toEqual(['a 0-10', 'b 20-30']);
    expect(path([])).toEqual([]);
  });

  const trees = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })), {
    maxLength: 15,
  });

  test('covers the only root from its beginning to its end, without overlap, each stretch within its span', () => {
    fc.assert(
      fc.property(trees, (parts) => {
        const events = [
          event('0', undefined, 0, 60),
          ...parts.map(([parent, from, length], index) =>
            event(String(index + 1), String(parent % (index + 1)), from, from + length),
          ),
        ];
        const spans = toTree(events);
        const stretches = criticalPath(spans);
        let at = START;
        for (const { span, from, to } of stretches) {
          expect(from).toBe(at);
          expect(to).toBeGreaterThan(from);
          const own = spans[span];
          expect(own && own.from <= from && to <= own.to).toBe(true);
          at = to;
        }
        expect(at).toBe(START + 60_000);
      }),
    );
  });

  test('and what no child covers is what a look at every moment finds', () => {
    fc.assert(
      fc.property(trees, (parts) => {
        const events = [
          event('0', undefined, 10, 60),
          ...parts.map(([, from, length], index) => event(String(index + 1), '0', from, from + length)),
        ];
        const [root, ...children] = toTree(events);
        if (root === undefined) throw new Error('no root');
        const free = uncovered([root, ...children], root);
        for (let ms = 10.5; ms < 60; ms += 1) {
          const time = START + ms * 1000;
          const isCovered = children.some(({ from, to }) => from < time && time < to);
          expect(free.some(({ from, to }) => from < time && time < to)).toBe(!isCovered);
        }
      }),
    );
  });
});

test('a trace is described with its applications, logs at their spans, gaps and times of their own', () => {
  const events = [
    event('a', undefined, 0, 100),
    { ...event('b', 'a', 10, 30, { kind: 'dependency', success: false, code: '500', instance: 'i' }), appId: 2 },
    event('l', 'b', 20, undefined, { message: 'hello', severity: 'error' }),
    event('x', 'gone', 25, undefined, { kind: 'exception', durationMs: 5 }),
  ];
  const trace = describeTrace(
    'op',
    events,
    new Map([
      [1, 'shop'],
      [2, 'blog'],
    ]),
  );
  expect(trace).toMatchObject({
    id: 'op',
    from: '2025-10-09T08:53:20.000000Z',
    durationMs: 100,
    apps: ['blog', 'shop'],
  });
  expect(trace.spans).toMatchObject([
    {
      app: 'shop',
      name: 'a',
      parent: null,
      parentId: null,
      depth: 0,
      startMs: 0,
      durationMs: 100,
      selfMs: 80,
      success: null,
    },
    {
      app: 'blog',
      name: 'b',
      parent: 0,
      parentId: 'a',
      depth: 1,
      startMs: 10,
      durationMs: 20,
      selfMs: 20,
      success: false,
      code: '500',
      instance: 'i',
    },
  ]);
  expect(trace.logs).toMatchObject([
    { name: 'l', message: 'hello', severity: 'error', span: 1, atMs: 20 },
    { name: 'x', kind: 'exception', message: null, span: null, atMs: 25 },
  ]);
  expect(trace.gaps).toEqual([
    { span: 0, fromMs: 30, toMs: 100 },
    { span: 0, fromMs: 0, toMs: 10 },
  ]);
});
