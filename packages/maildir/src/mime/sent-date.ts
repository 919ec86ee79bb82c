/** The day a message says it was sent, for SEARCH SENTON and its like (RFC 3501 §6.4.4). */

import { rawFields } from './header-filter.ts';
import { binary } from './octets.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `date = day month year` (RFC 5322 §3.3), dashes as some programs write it, names of months in full. */
const DAY_FIRST = /(?:^|[\s,])([0-9]{1,2})[\s-]{1,8}([A-Za-z]{3})[A-Za-z]{0,9}[\s-]{1,8}([0-9]{2,4})(?![0-9])/;
/** `Jan  2 15:04:05 2006`, the form of C's asctime. */
const MONTH_FIRST = /([A-Za-z]{3})\s{1,8}([0-9]{1,2})\s{1,8}[0-9:]{4,8}\s(?:[A-Z]{1,5}\s)?([0-9]{4})(?![0-9])/;

/** The day of the header's Date field as `YYYY-MM-DD`, without regard to time and zone; null where there is none. */
export function sentDate(header: Uint8Array): string | null {
  for (const { name, octets } of rawFields(header)) {
    if (name.toLowerCase() !== 'date') continue;
    const text = binary(octets.subarray(0, 1_000));
    const value = text.slice(text.indexOf(':') + 1).replace(/\([^()]*\)|\s+/g, ' ');
    const [, day, month, year] = DAY_FIRST.exec(value) ?? [];
    if (day !== undefined && month !== undefined && year !== undefined) return isoDay(year, month, day);
    const [, monthFirst, dayThen, yearLast] = MONTH_FIRST.exec(value) ?? [];
    if (monthFirst === undefined || dayThen === undefined || yearLast === undefined) return null;
    return isoDay(yearLast, monthFirst, dayThen);
  }
  return null;
}

function isoDay(yearText: string, monthName: string, dayText: string): string | null {
  const month = MONTHS.indexOf(monthName.toLowerCase());
  const day = Number(dayText);
  const time = new Date(0).setUTCFullYear(fullYear(yearText), month, day);
  const date = new Date(time);
  return month === -1 || day === 0 || date.getUTCDate() !== day ? null : date.toISOString().slice(0, 10);
}

/** Years of two and three digits (RFC 5322 §4.3). */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length > 3) return year;
  return text.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}
