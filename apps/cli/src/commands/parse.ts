/** Values of options, as people write them. */
import { parseDuration } from '@scorpiox/shared/telemetry';
import { InvalidArgumentError } from 'commander';

/** A length of time with its unit, `30s`, `5m`, in milliseconds. */
export function parseTime(text: string): number {
  const parsed = /^\d+(\.\d+)?(ms|s|m|h)$/.test(text) ? parseDuration(text) : undefined;
  if (parsed?.ok === true) return parsed.value.milliseconds;
  throw new InvalidArgumentError('It must be a time as 30s, 5m or 2h.');
}

const HOURS = { h: 1, d: 24, w: 168 } as const;

/** An age of what is old, `12h`, `30d`, `8w`, in milliseconds. */
export function parseAge(text: string): number {
  const [, number, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  if (unit === 'h' || unit === 'd' || unit === 'w') return Number(number) * HOURS[unit] * 3_600_000;
  throw new InvalidArgumentError('It must be an age as 12h, 30d or 8w.');
}

/** An option that may be repeated: its values, in their order. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Octets: `60M`; a unit is 1,024 of the one before, as in the configuration. */
export function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,9}) ?([KMG]?)B?$/i.exec(text) ?? [];
  const octets = Number(digits) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase());
  if (octets >= 1) return octets;
  throw new InvalidArgumentError('It must be a size as 512K, 60M or 1G.');
}
