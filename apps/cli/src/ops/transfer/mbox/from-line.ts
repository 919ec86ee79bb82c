/**
 * The line that begins a message of an mbox: `From sender Thu Nov 28 22:08:00 2026` (RFC 4155). Programs write it in many
 * ways, and texts hold lines that look like it. Pure.
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Weekday, month, day, time, then zone and year in either order: `Tue Jan 02 10:20:30 +0000 2024`, `… EST 1996`. */
const DATE =
  /\b(?:mon|tue|wed|thu|fri|sat|sun),? +(?<month>[a-z]{3}) +(?<day>\d{1,2}) +(?<time>\d{1,2}:\d{2}(?::\d{2})?)(?: +(?<before>[+-]\d{4}|[a-z]{1,5}))? +(?<year>\d{4})(?: +(?<after>[+-]\d{4}|[a-z]{1,5}))?\b/i;

/** Nothing but a sender, as some programs leave it: `From -`, `From 1844347792267117879@xxx`. */
const BARE = /^From (?:-|\S+@\S+)[ \t]*\r?$/;

const FIELD = /^[!-9;-~]{1,100}[ \t]*:/;

export interface FromLine {
  /** The sender, as it is written there. */
  readonly sender: string;
  /** Milliseconds since the epoch, of the date in it; UTC where it names no zone, as RFC 4155 says. */
  readonly date: number | undefined;
}

/** What a line says that begins a message; undefined for a line of text. `next` is the line after it. */
export function parseFromLine(line: string, next: string): FromLine | undefined {
  if (!line.startsWith('From ')) return undefined;
  const sender = /^From +(\S*)/.exec(line)?.[1] ?? '';
  const groups = DATE.exec(line)?.groups;
  if (groups !== undefined) return { sender, date: toTime(groups) };
  return BARE.test(line) && FIELD.test(next) ? { sender, date: undefined } : undefined;
}

function toTime({
  month = '',
  day,
  time = '',
  year,
  before,
  after,
}: Record<string, string | undefined>): number | undefined {
  const [hour, minute, second = '0'] = time.split(':');
  const at = MONTHS.indexOf(month.toLowerCase());
  const utc = Date.UTC(Number(year), at, Number(day), Number(hour), Number(minute), Number(second));
  if (at < 0 || Number.isNaN(utc) || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return utc - offsetOf(before ?? after ?? '') * 60_000;
}

/** Minutes east of UTC. Names of zones are ambiguous but for the American ones that RFC 5322 §4.3 knows. */
function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? [];
  if (sign !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const known = { EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 };
  return 60 * (Object.entries(known).find(([name]) => name === zone.toUpperCase())?.[1] ?? 0);
}

/** A moment as such a line has it, in UTC: `Thu Nov 28 22:08:00 2026`. */
export function asctime(time: number): string {
  const [weekday = '', day = '', month = '', year = '', clock = ''] = new Date(time)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${clock} ${year}`;
}
