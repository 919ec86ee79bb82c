/*
 * A grid over all numbers
 *
 * Values of metrics are any doubles, and histograms come with bounds of their own. For their sums to merge, whatever they
 * come with, both are laid on one grid: that of the latency buckets (../buckets.ts) with cells γ = 2^(1/32) apart, for
 * both signs. A value takes the cell that it lies in, a histogram's bucket the range of cells that it covers. So a value
 * is known within 1.1 %, a bucket's bounds are moved by at most 2.2 %, and where in its bucket a value lies is as unknown
 * as the sender left it. Exponential histograms lie on the grid exactly (scale 5), or cover whole ranges of it.
 *
 * Cells are whole numbers in the order of the values: negative ones below 0, 0 for zero alone, positive ones above.
 */

/** Cells in an octave: those of an exponential histogram of this scale. */
export const GRID_SCALE = 5;
const PER_OCTAVE = 2 ** GRID_SCALE;
const GAMMA = 2 ** (1 / PER_OCTAVE);

/** The positive cell that ends at 1: the smallest double lies 34,368 cells below, the largest 32,768 above. */
const ONE = 40_000;
const FIRST = ONE - 1074 * PER_OCTAVE;
const LAST = ONE + 1024 * PER_OCTAVE;

/** Ends of ranges that are open. */
export const BELOW_ALL = -100_000;
export const ABOVE_ALL = 100_000;

/** The cell of a finite value. */
export function cellOf(value: number): number {
  if (value < 0) return -cellOf(-value);
  return value === 0 ? 0 : ONE + Math.ceil(Math.log2(value) * PER_OCTAVE);
}

/** The cell that ends at 2^(octaves): of a positive value, within those that there are. */
export function cellAt(octaves: number): number {
  return Math.min(LAST, Math.max(FIRST, ONE + Math.ceil(octaves * PER_OCTAVE)));
}

/** Whether two values lie as close together as those of one cell. */
export const isNarrow = (low: number, high: number): boolean =>
  low > 0 ? high <= low * GAMMA * (1 + 1e-9) : high < 0 && low >= high * GAMMA * (1 + 1e-9);

/** The value at which a cell begins; -Infinity of `BELOW_ALL`. */
export function startOf(cell: number): number {
  if (cell === BELOW_ALL) return Number.NEGATIVE_INFINITY;
  if (cell < 0) return -endOf(-cell);
  return cell === 0 ? 0 : cell <= FIRST ? 0 : 2 ** ((cell - 1 - ONE) / PER_OCTAVE);
}

/** The value at which a cell ends, itself in it; Infinity of `ABOVE_ALL`. */
export function endOf(cell: number): number {
  if (cell === ABOVE_ALL) return Number.POSITIVE_INFINITY;
  if (cell < 0) return -startOf(-cell);
  return cell === 0 ? 0 : Math.min(Number.MAX_VALUE, 2 ** ((cell - ONE) / PER_OCTAVE));
}
