/** Room above and below the line so that its stroke is not cut off, in units of the drawing. */
const MARGIN = 1.5;

const round = (value: number): number => Math.round(value * 100) / 100;

/**
 * The outline of a series, oldest first, from zero up, in a drawing of the given size: the line as an SVG path, and
 * the area below it. One value, or none, is a level line.
 */
export function sparklinePath(values: readonly number[], width: number, height: number) {
  const series = values.length === 0 ? [0, 0] : values.length === 1 ? [...values, ...values] : values;
  const peak = Math.max(...series);
  const step = width / (series.length - 1);
  const drop = (value: number): number => (peak > 0 ? (Math.max(value, 0) / peak) * (height - 2 * MARGIN) : 0);
  const points = series.map((value, index) => `${round(index * step)} ${round(height - MARGIN - drop(value))}`);
  const line = `M${points.join('L')}`;
  return { line, area: `${line}L${width} ${height}L0 ${height}Z` };
}
