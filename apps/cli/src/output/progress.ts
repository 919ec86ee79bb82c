/** A bar on standard error for work that takes long: drawn on a terminal only, in its last line, and taken away at the end. */
import type { Io } from '../io.ts';
import { PROGRESS_REDRAW_MS } from '../ops/limits.ts';
import { drawProgress, type ProgressUnit } from './progress-line.ts';

export interface ProgressOptions {
  /** What is being done: `Looking mail over`. */
  readonly label: string;
  readonly unit: ProgressUnit;
  /** Milliseconds that only rise; the process's own by default. */
  readonly clock?: () => number;
}

export interface Progress {
  /** How much is done, and of how much, as far as that is known yet. */
  update(done: number, total?: number): void;
  /** A line for people: it stays, above the bar. */
  print(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

type Screen = Pick<Io, 'say' | 'stderrIsTerminal' | 'env' | 'stderrColumns'>;

/** Back to the first column, and the line wiped (ECMA-48 EL). */
const WIPE = '\r\u001b[K';

/** Begins a bar. Where nobody watches, or the terminal cannot, nothing is drawn and lines are printed as they come. */
export function showProgress(io: Screen, { label, unit, clock = () => performance.now() }: ProgressOptions): Progress {
  const isShown = io.stderrIsTerminal && io.env.TERM !== 'dumb';
  const begun = clock();
  let doneBefore: number | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let line = '';
  const wipe = (): string => (line === '' ? '' : WIPE);
  return {
    update: (done, total) => {
      doneBefore ??= done;
      const now = clock();
      if (!isShown || now - drawnAt < PROGRESS_REDRAW_MS) return;
      drawnAt = now;
      const columns = io.stderrColumns();
      const elapsedMs = now - begun;
      line = drawProgress({ label, unit, done, total, doneBefore, elapsedMs, columns, isPlain: isPlain(io) });
      io.say(`${WIPE}${line}`);
    },
    print: (text) => io.say(`${wipe()}${text}\n${line}`),
    end: () => {
      if (line !== '') io.say(WIPE);
      line = '';
    },
  };
}

/** https://no-color.org: set to anything but nothing. */
const isPlain = ({ env }: Screen): boolean => (env.NO_COLOR ?? '') !== '';
