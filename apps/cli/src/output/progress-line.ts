/** The line that tells how far work is. Pure. */
import { tellBytes, tellTime } from './amounts.ts';

/** What is counted; more of it than one where the name says so. */
export type ProgressUnit = 'bytes' | 'messages' | 'steps' | 'files' | 'rows' | 'repositories';

export interface Drawing {
  readonly label: string;
  readonly unit: ProgressUnit;
  readonly done: number;
  readonly total: number | undefined;
  /** What was done when the clock was started: work that goes on where it was cut off. */
  readonly doneBefore: number;
  readonly elapsedMs: number;
  /** Width of the terminal. */
  readonly columns: number;
  /** Whether it goes without colour. */
  readonly isPlain: boolean;
}

/** Widest bar, characters. */
const BAR = 24;

/** Before this, milliseconds, a rate says nothing yet. */
const SETTLED_MS = 1_500;

/**
 * `Looking mail over  ██████░░░░  61%  61,000 of 100,000 messages  40 s left`; without a total, how much is done and how
 * fast. It never fills the terminal's last column, where some would begin a new line.
 */
export function drawProgress(drawing: Drawing): string {
  const { label, columns } = drawing;
  const told = drawing.total === undefined ? tellOpen(drawing) : tellTotal(drawing, drawing.total);
  const room = columns - 1 - label.length - told.length - 4;
  const bar = drawing.total === undefined ? '' : drawBar(drawing, drawing.total, Math.min(BAR, room));
  const text = `${label}  ${told}`.slice(0, Math.max(0, columns - 1));
  return bar === '' ? text : `${label}  ${bar}  ${told}`;
}

function drawBar({ done, isPlain }: Drawing, total: number, width: number): string {
  if (width < 5) return '';
  const full = Math.round(width * fraction(done, total));
  const [begun, open] = ['█'.repeat(full), '░'.repeat(width - full)];
  return isPlain ? `${begun}${open}` : `\u001b[36m${begun}\u001b[39m${open}`;
}

function tellTotal({ done, doneBefore, unit, elapsedMs }: Drawing, total: number): string {
  const percent = `${String(Math.floor(fraction(done, total) * 100)).padStart(3)}%`;
  const isOpen = elapsedMs >= SETTLED_MS && done > doneBefore && done < total;
  const left = isOpen ? `  ${tellTime((elapsedMs * (total - done)) / (done - doneBefore))} left` : '';
  return `${percent}  ${amount(done, unit, false)} of ${amount(total, unit)}${left}`;
}

function tellOpen({ done, doneBefore, unit, elapsedMs }: Drawing): string {
  const rate = Math.round(((done - doneBefore) * 1_000) / elapsedMs);
  return elapsedMs < SETTLED_MS ? amount(done, unit) : `${amount(done, unit)}  ${amount(rate, unit, false)} a second`;
}

const fraction = (done: number, total: number): number => (total === 0 ? 1 : Math.min(1, done / total));

function amount(count: number, unit: ProgressUnit, isNamed = true): string {
  if (unit === 'bytes') return tellBytes(count);
  const named = count === 1 ? unit.slice(0, -1).replace(/ie$/, 'y') : unit;
  return isNamed ? `${count.toLocaleString('en')} ${named}` : count.toLocaleString('en');
}
