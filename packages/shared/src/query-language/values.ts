import { EVENT_KINDS, type EventKind, SEVERITIES, type Severity } from '../telemetry/event.ts';
import { MAX_DURATION_US } from '../telemetry/limits.ts';

/** Units of durations in microseconds, the longest first. */
export const DURATION_UNITS = [
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1000],
  ['us', 1],
] as const;

const DURATION = /^(\d{1,16}(?:\.\d{1,9})?)(us|µs|μs|ms|s|min|m|h)?$/i;
const ALIASES: Readonly<Record<string, string>> = { µs: 'us', μs: 'us', min: 'm' };

/** `500ms`, `1.5s`; milliseconds without a unit. In whole microseconds, or undefined where it is none. */
export function readDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const unit = (match[2] ?? 'ms').toLowerCase();
  const [, factor] = DURATION_UNITS.find(([name]) => name === (ALIASES[unit] ?? unit)) ?? ['ms', 1000];
  return Math.min(Math.round(Number(match[1]) * factor), MAX_DURATION_US);
}

const NUMBER = /^-?\d{1,309}(?:\.\d{1,340})?(?:e[+-]?\d{1,3})?$/i;

/** A finite decimal number, or undefined. */
export function readNumber(text: string): number | undefined {
  const number = NUMBER.test(text) ? Number(text) + 0 : Number.NaN; // + 0: minus zero becomes zero
  return Number.isFinite(number) ? number : undefined;
}

/** A code that can be compared: a whole number of 1 … 9 digits. */
export const readCode = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

/** The hundreds of `5xx`. */
export function readCodeClass(text: string): number | undefined {
  return /^[1-9]xx$/i.test(text) ? Number(text[0]) * 100 : undefined;
}

export const readKind = (text: string): EventKind | undefined =>
  EVENT_KINDS.find((kind) => kind.toLowerCase() === text.toLowerCase());

const SEVERITY_ALIASES: Readonly<Record<string, Severity>> = {
  trace: 'verbose',
  debug: 'verbose',
  info: 'information',
  warn: 'warning',
  fatal: 'critical',
};

export function readSeverity(text: string): Severity | undefined {
  const folded = text.toLowerCase();
  return SEVERITIES.find((severity) => severity === folded) ?? SEVERITY_ALIASES[folded];
}

const FLAGS: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

export const readFlag = (text: string): boolean | undefined =>
  Object.hasOwn(FLAGS, text.toLowerCase()) ? FLAGS[text.toLowerCase()] : undefined;
