/** Dates of SEARCH and APPEND (RFC 3501 §9). */
import { isDigit } from './chars.ts';
import { type Lexer, latin1, SyntaxFault } from './lexer.ts';
import { ONE_DIGIT_DAY } from './quirks.ts';

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const DAY_FORM = /^([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4})$/;
const DATE_TIME_FORM = new RegExp(
  `^(${ONE_DIGIT_DAY})-([A-Za-z]{3})-([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})$`,
);

/**
 *     date      = date-text / DQUOTE date-text DQUOTE
 *     date-text = date-day "-" date-month "-" date-year
 *
 * as `YYYY-MM-DD`.
 */
export function date(lexer: Lexer): string {
  const written = lexer.atString ? latin1(lexer.string('a date')) : lexer.run(isDateChar, 'a date');
  const [, day, month, year] = DAY_FORM.exec(written) ?? [];
  const time = dayTime(Number(year), month ?? '', Number(day));
  if (time === undefined) throw new SyntaxFault('a date is not of the form 1-Feb-1994');
  return new Date(time).toISOString().slice(0, 10);
}

/** `date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE`, in milliseconds since the epoch */
export function dateTime(lexer: Lexer): number {
  const match = DATE_TIME_FORM.exec(latin1(lexer.string('a date and time')));
  const [, day, month = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = match ?? [];
  const midnight = dayTime(Number(year), month, Number(day));
  const legal = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60 && Number(zoneMinutes) < 60;
  if (midnight === undefined || !legal)
    throw new SyntaxFault('the date is not of the form "01-Feb-1994 12:00:00 +0000"');
  const zone = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  return midnight + ((Number(hour) * 60 + Number(minute) - zone) * 60 + Number(second)) * 1000;
}

/** Midnight UTC of a day that exists. */
function dayTime(year: number, monthName: string, day: number): number | undefined {
  const month = MONTHS.findIndex((name) => name.toLowerCase() === monthName.toLowerCase());
  if (month === -1) return undefined;
  const time = new Date(0).setUTCFullYear(year, month, day); // Date.UTC would read years below 100 as 19xx
  return new Date(time).getUTCDate() === day && day > 0 ? time : undefined;
}

/** Digits, letters and the dashes between them. */
const isDateChar = (octet: number | undefined): boolean =>
  octet !== undefined && (isDigit(octet) || octet === 0x2d || ((octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a));
