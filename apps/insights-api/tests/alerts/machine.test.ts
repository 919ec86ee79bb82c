import { expect, test } from 'vitest';
import { type AlertState, type Level, step, type Timing } from '../../src/alerts/machine.ts';

const LEVELS: readonly Level[] = ['breach', 'between', 'clear', 'unknown'];
/** Between looks: none, one step, a step that is just no hole, a hole, and a clock that was set back. */
const PAUSES = [0, 1, 3, 4, -1];
const TIMINGS: readonly Timing[] = [0, 1, 2].flatMap((forMs) =>
  [1, 2].map((resolveMs): Timing => ({ forMs, resolveMs, gapMs: 3 })),
);

interface Look {
  readonly level: Level;
  readonly at: number;
}

/** The invariants by definition, over all that was seen: no memory but the list of looks. */
function byDefinition(looks: readonly Look[], { forMs, resolveMs, gapMs }: Timing): (string | undefined)[] {
  const told: (string | undefined)[] = [];
  let firing = false;
  /** Whether all looks from some one on found this, the first of them at least `least` before the last, without a hole. */
  const lasted = (index: number, level: Level, least: number): boolean => {
    const telling = looks.slice(0, index + 1).filter((look) => look.level !== 'unknown');
    let later: Look | undefined;
    let since: number | undefined;
    for (const look of telling.toReversed()) {
      const hole = later !== undefined && (later.at < look.at || later.at - look.at > gapMs);
      if (look.level !== level || hole) break;
      since = look.at;
      later = look;
    }
    const last = telling.at(-1);
    return since !== undefined && last !== undefined && last.at - since >= least;
  };
  looks.forEach(({ level }, index) => {
    if (level !== 'unknown' && !firing && lasted(index, 'breach', forMs)) {
      told.push('fired');
      firing = true;
    } else if (level !== 'unknown' && firing && lasted(index, 'clear', resolveMs)) {
      told.push('resolved');
      firing = false;
    } else told.push(undefined);
  });
  return told;
}

function byMachine(looks: readonly Look[], timing: Timing): (string | undefined)[] {
  let state: AlertState | undefined;
  return looks.map(({ level, at }) => {
    const next = step(state, level, timing, at);
    state = next.state;
    return next.transition;
  });
}

function* sequences(length: number, at = 100): Generator<Look[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (const level of LEVELS) {
    for (const pause of PAUSES) {
      for (const rest of sequences(length - 1, at + pause)) yield [{ level, at: at + pause }, ...rest];
    }
  }
}

test('every sequence of five looks is told as the invariants say', () => {
  let told = 0;
  // The first pause makes no difference.
  for (const rest of sequences(4)) {
    for (const level of LEVELS) {
      const looks = [{ level, at: 100 }, ...rest];
      for (const timing of TIMINGS) {
        const [machine, definition] = [byMachine(looks, timing), byDefinition(looks, timing)];
        if (machine.join() !== definition.join()) expect({ looks, timing, machine }).toEqual({ definition });
        told += machine.filter((one) => one !== undefined).length;
      }
    }
  }
  expect(told).toBeGreaterThan(100_000);
});

test('what swings around the threshold is told once, and its end once it has been well for long enough', () => {
  const timing = { forMs: 2, resolveMs: 3, gapMs: 2 };
  const levels: Level[] = ['breach', 'breach', 'breach', 'clear', 'breach', 'between', 'clear', 'clear', 'breach'];
  const looks = [...levels, ...Array<Level>(5).fill('clear')].map((level, at) => ({ level, at }));
  expect(
    byMachine(looks, timing)
      .map((one) => one ?? '-')
      .join(' '),
  ).toBe('- - fired - - - - - - - - - resolved -');
});
