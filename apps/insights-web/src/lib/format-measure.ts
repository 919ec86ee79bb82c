/** How measured values read in the unit that their sender names (UCUM, as OpenTelemetry spells it). Pure. */
import { formatDuration } from './format.ts';

const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** Milliseconds in a unit of time. */
const TIMES: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/** Bytes in a unit of size. */
const SIZES: Readonly<Record<string, number>> = {
  By: 1,
  B: 1,
  kBy: 1e3,
  KiBy: 2 ** 10,
  KiB: 2 ** 10,
  MBy: 1e6,
  MiBy: 2 ** 20,
  MiB: 2 ** 20,
  GiBy: 2 ** 30,
  GiB: 2 ** 30,
};

const STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A size given in bytes: `0 B`, `1.5 KiB`, `432 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let step = 0;
  while (Math.abs(value) >= 1023.5 && step < STEPS.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${value >= 99.5 || Number.isInteger(value) ? Math.round(value) : value.toPrecision(3)} ${STEPS[step]}`;
}

/** A number to about four digits, a long one shortened: `0`, `0.0042`, `12.5`, `1,234`, `1.23M`. */
const formatNumber = (value: number): string => (Math.abs(value) < 999_999.5 ? short : compact).format(value);

/** A value in its unit; null where there is none. Annotations (`{request}`) and `1` are no units to write. */
export function formatMeasure(value: number | null, unit: string | null): string {
  if (value === null) return '–';
  const [time, size] = [TIMES[unit ?? ''], SIZES[unit ?? '']];
  if (time !== undefined && value >= 0) return formatDuration(value * time);
  if (size !== undefined) return formatBytes(value * size);
  if (unit === '%') return `${formatNumber(value)}%`;
  const written = unit === null || unit === '1' || unit.startsWith('{') ? '' : ` ${unit}`;
  return formatNumber(value) + written;
}
