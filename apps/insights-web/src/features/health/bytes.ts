const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A size to about three digits: `812 B`, `4.2 MiB`, `36 GiB`. Negative ones are what shrinks. */
export function formatBytes(bytes: number): string {
  const sign = bytes < 0 ? '−' : '';
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${sign}${value.toFixed(digits)} ${UNITS[unit]}`;
}
