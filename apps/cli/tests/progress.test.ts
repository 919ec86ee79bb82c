import { describe, expect, it } from 'vitest';
import { showProgress } from '../src/output/progress.ts';
import { drawProgress } from '../src/output/progress-line.ts';

const drawing = {
  label: 'Importing',
  unit: 'messages',
  done: 0,
  total: 1_000,
  doneBefore: 0,
  elapsedMs: 0,
  columns: 80,
  isPlain: true,
} as const;

describe('the line', () => {
  it.each([
    [{}, 'Importing  ░░░░░░░░░░░░░░░░░░░░░░░░    0%  0 of 1,000 messages'],
    [{ done: 250, elapsedMs: 60_000 }, 'Importing  ██████░░░░░░░░░░░░░░░░░░   25%  250 of 1,000 messages  3 min left'],
    // Of 250, 200 were done in an earlier run: 50 in a minute are 15 minutes for the rest.
    [
      { done: 250, doneBefore: 200, elapsedMs: 60_000 },
      'Importing  ██████░░░░░░░░░░░░░░░░░░   25%  250 of 1,000 messages  15 min left',
    ],
    [{ done: 1_000, elapsedMs: 60_000 }, 'Importing  ████████████████████████  100%  1,000 of 1,000 messages'],
    [{ done: 1, total: 1 }, 'Importing  ████████████████████████  100%  1 of 1 message'],
    [{ done: 0, total: 0 }, 'Importing  ████████████████████████  100%  0 of 0 messages'],
    [{ total: undefined, done: 9_000, elapsedMs: 3_000 }, 'Importing  9,000 messages  3,000 a second'],
    [
      { unit: 'bytes', done: 1_500_000, total: 90e9, elapsedMs: 1_000 },
      'Importing  ░░░░░░░░░░░░░░░░░░░░░░░░    0%  1.5 MB of 90.0 GB',
    ],
    [
      { unit: 'bytes', done: 10e9, total: 90e9, elapsedMs: 3_600_000 },
      'Importing  ███░░░░░░░░░░░░░░░░░░░░░   11%  10.0 GB of 90.0 GB  8 h 00 min left',
    ],
    [{ columns: 40 }, 'Importing    0%  0 of 1,000 messages'],
    [{ columns: 20 }, 'Importing    0%  0 '],
  ] as const)('tells %j', (more, line) => {
    expect(drawProgress({ ...drawing, ...more })).toBe(line);
  });

  it('is coloured unless that was not wanted, and never as wide as the terminal', () => {
    const coloured = drawProgress({ ...drawing, done: 500, isPlain: false });
    expect(coloured).toContain('\u001b[36m████████████\u001b[39m');
    for (let columns = 1; columns < 120; columns += 1) {
      expect(drawProgress({ ...drawing, columns }).length).toBeLessThan(columns);
    }
  });
});

function screen({ stderrIsTerminal = true, env = {} }: { stderrIsTerminal?: boolean; env?: Record<string, string> }) {
  let [said, now] = ['', 0];
  const say = (text: string) => {
    said += text;
  };
  const io = { stderrIsTerminal, env, stderrColumns: () => 80, say };
  const progress = showProgress(io, { label: 'Importing', unit: 'files', clock: () => now });
  const at = (time: number, done: number) => {
    now = time;
    progress.update(done, 4);
  };
  return { progress, at, said: () => said };
}

it('draws in one line, not too often, lets lines through, and leaves nothing behind', () => {
  const { progress, at, said } = screen({ env: { NO_COLOR: '1' } });
  at(0, 0);
  at(10, 1); // so soon after the last drawing it is passed over
  at(200, 2);
  progress.print('A line.');
  progress.end();
  progress.end();
  const half = `Importing  ${'█'.repeat(12)}${'░'.repeat(12)}   50%  2 of 4 files`;
  expect(said()).toBe(
    `\r\u001b[KImporting  ${'░'.repeat(24)}    0%  0 of 4 files\r\u001b[K${half}\r\u001b[KA line.\n${half}\r\u001b[K`,
  );
});

it.each([{ stderrIsTerminal: false }, { env: { TERM: 'dumb' } }])('draws nothing where it cannot: %j', (where) => {
  const { progress, at, said } = screen(where);
  at(0, 0);
  at(500, 2);
  progress.print('A line.');
  progress.end();
  expect(said()).toBe('A line.\n');
});
