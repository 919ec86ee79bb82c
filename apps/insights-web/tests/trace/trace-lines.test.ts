// @vitest-environment node
import type { TraceLog, TraceResponse, TraceSpan } from '@scorpiox/shared/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onAxis, timeTicks } from '../../src/features/trace/time-axis.ts';
import { type TraceLine, traceLines } from '../../src/features/trace/trace-lines.ts';
import { log, span, traceOf } from '../support/traces.ts';

const drawn = (lines: readonly TraceLine[]): string[] =>
  lines.map((line) => {
    const name = line.kind === 'span' ? line.span.name : line.log.name;
    const hidden = line.kind === 'span' && line.hidden > 0 ? ` +${line.hidden}` : '';
    return `${'-'.repeat(line.level)}${name} ${line.place}/${line.siblings}${hidden}`;
  });

const trace = traceOf({
  spans: [
    span('a', null, 0, 20),
    span('b', 0, 1, 8),
    span('c', 1, 2, 1),
    span('d', 0, 10, 1),
    { ...span('e', null, 15, 1), parentId: 'gone' },
  ],
  logs: [log('in b', 1, 4), log('in a', 0, 9), log('nowhere', null, 12), log('with d', 0, 10)],
});

describe('the lines of a waterfall', () => {
  const lines = traceLines(trace);

  it('stand in the order of the tree, with what happened among them at its time', () => {
    expect(drawn(lines(new Set()))).toEqual([
      '-a 1/3',
      '--b 1/4',
      '---c 1/2',
      '---in b 2/2',
      '--in a 2/4',
      '--d 3/4',
      '--with d 4/4',
      '-nowhere 2/3',
      '-e 3/3',
    ]);
  });

  it('leave out what a collapsed one hides, and count it', () => {
    expect(drawn(lines(new Set([1])))).toEqual([
      '-a 1/3',
      '--b 1/4 +2',
      '--in a 2/4',
      '--d 3/4',
      '--with d 4/4',
      '-nowhere 2/3',
      '-e 3/3',
    ]);
    expect(drawn(lines(new Set([0, 1])))).toEqual(['-a 1/3 +6', '-nowhere 2/3', '-e 3/3']);
  });

  it('say of which the parent is not here', () => {
    const orphans = lines(new Set()).filter((line) => line.kind === 'span' && line.orphan);
    expect(drawn(orphans)).toEqual(['-e 3/3']);
  });

  it('are made of a chain of ten thousand without a stack', () => {
    const spans = Array.from({ length: 10_000 }, (_, at) => span(`s${at}`, at === 0 ? null : at - 1, at, 1));
    const all = traceLines(traceOf({ spans }));
    expect(all(new Set()).at(-1)?.level).toBe(10_000);
    expect(drawn(all(new Set([0])))).toEqual(['-s0 1/1 +9999']);
  });

  it('are every span and log once, and under any collapsed one exactly as many fewer as it says', () => {
    const anyTrace = fc
      .tuple(
        fc.array(fc.record({ parent: fc.nat(), top: fc.boolean(), at: fc.nat(50) }), { minLength: 1, maxLength: 20 }),
        fc.array(fc.record({ span: fc.nat(), top: fc.boolean(), at: fc.nat(50) }), { maxLength: 20 }),
      )
      .map(([spans, logs]): TraceResponse => {
        const made: TraceSpan[] = spans.map(({ parent, top, at }, index) =>
          span(`s${index}`, top || index === 0 ? null : parent % index, at, 5),
        );
        const said: TraceLog[] = logs.map(({ span: of, top, at }, index) =>
          log(`l${index}`, top ? null : of % made.length, at),
        );
        return traceOf({ spans: made, logs: said });
      });
    fc.assert(
      fc.property(anyTrace, fc.nat(), (any, pick) => {
        const make = traceLines(any);
        const all = make(new Set());
        expect(new Set(all.map((line) => line.key)).size).toBe(any.spans.length + any.logs.length);
        expect(all).toHaveLength(any.spans.length + any.logs.length);
        const index = pick % any.spans.length;
        const fewer = make(new Set([index]));
        const collapsed = fewer.find((line) => line.kind === 'span' && line.index === index);
        expect(fewer).toHaveLength(all.length - (collapsed?.kind === 'span' ? collapsed.hidden : Number.NaN));
      }),
    );
  });
});

describe('the time axis', () => {
  it.each([
    [100, 6, ['0 ms', '20 ms', '40 ms', '60 ms', '80 ms', '100 ms']],
    [137, 6, ['0 ms', '50 ms', '100 ms']],
    [0.4, 5, ['0 ms', '0.10 ms', '0.20 ms', '0.30 ms', '0.40 ms']],
    [90_000, 6, ['0 ms', '20.0 s', '40.0 s', '1 m 00 s', '1 m 20 s']],
    [600_000, 6, ['0 ms', '2 m 00 s', '4 m 00 s', '6 m 00 s', '8 m 00 s', '10 m 00 s']],
    [0, 5, ['0 ms']],
  ])('of %d ms has at most %d marks at round times', (duration, most, labels) => {
    const ticks = timeTicks(duration, most);
    expect(ticks.map(({ label }) => label)).toEqual(labels);
    expect(ticks.every(({ at }) => at >= 0 && at <= 1 + 1e-9)).toBe(true);
  });

  it('never has more marks than room, nor just one where there is room for four', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 1e8, noNaN: true }),
        fc.integer({ min: 4, max: 12 }),
        (duration, most) => {
          const { length } = timeTicks(duration, most);
          expect(length).toBeLessThanOrEqual(most);
          expect(length).toBeGreaterThanOrEqual(2);
        },
      ),
    );
  });

  it('places stretches within itself', () => {
    expect(onAxis(25, 75, 100)).toEqual({ left: 0.25, width: 0.5 });
    expect(onAxis(-10, 120, 100)).toEqual({ left: 0, width: 1 });
    expect(onAxis(100, 100, 100)).toEqual({ left: 1, width: 0 });
    expect(onAxis(0, 0, 0)).toEqual({ left: 0, width: 1 });
  });
});
