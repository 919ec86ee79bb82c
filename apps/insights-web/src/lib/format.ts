/**
 * How figures read on the dashboard: short enough for a dense table, never rounded into a lie (a rate of 0.02 % is
 * not "0%", 999.7 ms is not "1000 ms"). Pure; English and independent of the browser's locale, so that two operators
 * looking at the same row read the same text.
 */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** What stands where there is no figure. */
const NOTHING = '–';

/** A count in full: `1,234,567`. Weighted counts may be fractions; they are rounded. */
export const formatCount = (count: number): string => whole.format(count);

/** A count that fits a table's column: in full below a million, then `1.23M`. */
export const formatShortCount = (count: number): string =>
  count < 999_999.5 ? whole.format(count) : short.format(count);

/** A share between 0 and 1 as per cent: `0%`, `<0.1%`, `3.2%`, `45%`, `>99.9%`, `100%`; null is nothing. */
export function formatRate(rate: number | null): string {
  if (rate === null) return NOTHING;
  if (rate <= 0) return '0%';
  if (rate >= 1) return '100%';
  if (rate < 0.001) return '<0.1%';
  if (rate > 0.999) return '>99.9%';
  const percent = rate * 100;
  return percent < 9.95 || percent > 99 ? `${percent.toFixed(1)}%` : `${Math.round(percent)}%`;
}

/**
 * The difference of two rates in per cent points: `0.4`, `12`; null where there is none, or none that shows (below a
 * twentieth of a point), or nothing to compare with.
 */
export function formatRateChange(rate: number | null, before: number | null): string | null {
  if (rate === null || before === null) return null;
  const points = Math.abs(rate - before) * 100;
  if (points < 0.05) return null;
  return points < 9.95 ? points.toFixed(1) : String(Math.round(points));
}

/** Something a minute: `0`, `<0.01`, `0.42`, `4.2`, `432`, `1.23M`. */
export function formatPerMinute(rate: number): string {
  if (rate <= 0) return '0';
  if (rate < 0.01) return '<0.01';
  if (rate < 0.995) return rate.toFixed(2);
  return rate < 9.95 ? rate.toFixed(1) : formatShortCount(rate);
}

/** An Apdex, 0 to 1: `0.94`; only a perfect one is `1.00`. */
export function formatApdex(apdex: number | null): string {
  if (apdex === null) return NOTHING;
  return (apdex < 1 ? Math.min(apdex, 0.99) : apdex).toFixed(2);
}

const pad = (value: number): string => String(value).padStart(2, '0');

function formatSeconds(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  return `${seconds.toFixed(1)} s`;
}

function formatMinutes(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${whole.format(Math.floor(minutes / 60))} h ${pad(minutes % 60)} m`;
}

/** A duration given in milliseconds, to about three digits: `0.42 ms`, `4.2 ms`, `432 ms`, `3.21 s`, `2 m 05 s`, `1 h 02 m`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return NOTHING;
  if (ms <= 0) return '0 ms';
  if (ms < 0.01) return '<0.01 ms';
  if (ms < 0.995) return `${ms.toFixed(2)} ms`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 59_950 ? formatSeconds(ms) : formatMinutes(ms);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function formatDistance(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${whole.format(Math.floor(ms / DAY))} d`;
}

/** How long before `now` a moment was (both in milliseconds since 1970): `just now`, `12 s ago`, `3 h ago`, `in 2 min`. */
export function formatRelative(moment: number, now: number): string {
  const ago = now - moment;
  if (Math.abs(ago) < 5 * SECOND) return 'just now';
  return ago > 0 ? `${formatDistance(ago)} ago` : `in ${formatDistance(-ago)}`;
}

/** The length of a step: `30 s`, `5 min`, `6 h`, `1 d`. */
export const formatStep = (seconds: number): string => formatDistance(seconds * SECOND);

/** A moment to the second with its offset from UTC, in the time zone of the browser: `2026-03-21 23:04:05 +01:00`. */
export function formatExact(moment: number): string {
  const at = new Date(moment);
  const offset = -at.getTimezoneOffset();
  const distance = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(distance / 60))}:${pad(distance % 60)}`;
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${formatClock(moment)} ${zone}`;
}

/** The time of day: `23:04:05`. */
export function formatClock(moment: number): string {
  const at = new Date(moment);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** A moment to the minute, in the time zone of the browser: `03-21 23:04`. */
export function formatMinute(moment: number): string {
  const at = new Date(moment);
  return `${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/**
 * A span between two moments: `03-21 23:04 – 23:30`, with the second day where it is another, and with years where one
 * is not that of `now`.
 */
export function formatRange(from: number, to: number, now: number): string {
  const yearOf = (moment: number) => `${new Date(moment).getFullYear()}-`;
  const isThisYear = [from, to].every((moment) => yearOf(moment) === yearOf(now));
  const format = (moment: number) => `${isThisYear ? '' : yearOf(moment)}${formatMinute(moment)}`;
  const [first, last] = [format(from), format(to)];
  const clock = -'23:04'.length;
  return `${first} – ${first.slice(0, clock) === last.slice(0, clock) ? last.slice(clock) : last}`;
}

/** A moment on an axis whose ticks are `step` seconds apart: the day where ticks are days or a day begins, else the time. */
export function formatAxisTime(moment: number, step: number): string {
  const at = new Date(moment);
  const midnight = at.getHours() === 0 && at.getMinutes() === 0;
  if (step >= DAY / SECOND || midnight) return formatMinute(moment).slice(0, 5);
  return step < 60 ? formatClock(moment) : formatMinute(moment).slice(6);
}
