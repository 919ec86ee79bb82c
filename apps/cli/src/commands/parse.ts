/** Values of options, as people write them. */
import { parseDuration } from '@scorpiox/shared/telemetry';
import { InvalidArgumentError } from 'commander';

/** A length of time with its unit, `30s`, `5m`, in milliseconds. */
export function parseTime(text: string): number {
  const parsed = /^\d+(\.\d+)?(ms|s|m|h)$/.test(text) ? parseDuration(text) : undefined;
  if (parsed?.ok === true) return parsed.value.milliseconds;
  throw new InvalidArgumentError('It must be a time as 30s, 5m or 2h.');
}

/** Octets: `60M`; a unit is 1,024 of the one before, as in the configuration. */
export function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,9}) ?([KMG]?)B?$/i.exec(text) ?? [];
  const octets = Number(digits) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase());
  if (octets >= 1) return octets;
  throw new InvalidArgumentError('It must be a size as 512K, 60M or 1G.');
}
