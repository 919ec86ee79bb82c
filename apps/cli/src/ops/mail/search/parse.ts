/**
 * The words of `mail search`: IMAP's search keys (RFC 9051 §6.4.4) in plain form, a word for each argument. Pure.
 *
 * `from:ada` and its like look for a text, bare words look for it in the whole message, `unseen` and its like ask for flags. All
 * of them have to hold; `or` between two words is enough with one of them, `not` before a word turns it around.
 */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Query, Span, Term } from './term.ts';

const FLAGS: Readonly<Record<string, string>> = {
  seen: '\\Seen',
  flagged: '\\Flagged',
  answered: '\\Answered',
  deleted: '\\Deleted',
  draft: '\\Draft',
};

const HEADERS = ['from', 'to', 'cc', 'bcc', 'subject'];

const DAY_MS = 24 * 3_600_000;
const SPANS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };
const SIZES: Readonly<Record<string, number>> = { '': 1, k: 1_024, m: 1_024 ** 2, g: 1_024 ** 3 };

type Read = (value: string, now: number) => Term | undefined;

/** The words that take a value, each with how it is read; undefined for a value that is none. */
const WORDS: Readonly<Record<string, Read>> = {
  ...Object.fromEntries(HEADERS.map((header): [string, Read] => [header, (text) => textIn({ header }, text)])),
  header: readHeader,
  text: (text) => textIn('text', text),
  body: (text) => textIn('body', text),
  keyword: (flag) => keyword(flag, true),
  unkeyword: (flag) => keyword(flag, false),
  uid: readUids,
  larger: (size) => bound(readSize(size), (above) => ({ is: 'size', above })),
  smaller: (size) => bound(readSize(size), (below) => ({ is: 'size', below })),
  since: (day) => bound(readDay(day), (from) => ({ is: 'date', from })),
  before: (day) => bound(readDay(day), (before) => ({ is: 'date', before })),
  on: (day) => bound(readDay(day), (from) => ({ is: 'date', from, before: from + DAY_MS })),
  younger: (span, now) => bound(readSpan(span), (ms) => ({ is: 'date', from: now - ms })),
  older: (span, now) => bound(readSpan(span), (ms) => ({ is: 'date', before: now - ms })),
  sentsince: (day) => bound(readDay(day), (ms) => ({ is: 'sent', from: dayOf(ms) })),
  sentbefore: (day) => bound(readDay(day), (ms) => ({ is: 'sent', before: dayOf(ms) })),
  senton: (day) => bound(readDay(day), (ms) => ({ is: 'sent', from: dayOf(ms), before: dayOf(ms + DAY_MS) })),
};

/** Reads the words; `now` is what ages count from, milliseconds since the epoch. */
export function parseQuery(words: readonly string[], now: number): Result<Query, string> {
  const mailboxes: string[] = [];
  const terms: Term[] = [];
  const rest = [...words];
  let isOr = false;
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    if (/^in:./i.test(word)) {
      if (isOr || /^or$/i.test(rest[0] ?? '')) return err('`in:` says where to search; it cannot stand beside `or`.');
      mailboxes.push(word.slice(3));
      continue;
    }
    if (/^or$/i.test(word)) {
      if (terms.length === 0 || rest.length === 0 || isOr) return err('`or` stands between two words.');
      isOr = true;
      continue;
    }
    const term = readTerm(word, rest, now);
    if (!term.ok) return term;
    const last = isOr ? terms.pop() : undefined;
    terms.push(last === undefined ? term.value : either(last, term.value));
    isOr = false;
  }
  return ok({ mailboxes, term: { is: 'all', of: terms } });
}

const either = (one: Term, other: Term): Term =>
  one.is === 'any' ? { is: 'any', of: [...one.of, other] } : { is: 'any', of: [one, other] };

function readTerm(word: string, rest: string[], now: number): Result<Term, string> {
  if (/^not$/i.test(word)) {
    const next = rest.shift();
    if (next === undefined || /^(or|in:.*)$/i.test(next)) return err('`not` stands before a word.');
    const term = readTerm(next, rest, now);
    return term.ok ? ok({ is: 'not', of: term.value }) : term;
  }
  const [, name, value] = /^([a-z]+):(.*)$/is.exec(word) ?? [];
  if (name !== undefined && value !== undefined) return readWord(name.toLowerCase(), value, word, now);
  if (word === '') return err('An empty word means nothing.');
  return ok(flagOf(word.toLowerCase()) ?? { is: 'text', text: word, scope: 'text' });
}

function readWord(name: string, value: string, word: string, now: number): Result<Term, string> {
  const read = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  if (read === undefined) {
    const known = ['in', ...Object.keys(WORDS)].map((one) => `${one}:`).join(' ');
    return err(`There is no word \`${name}:\`. There are ${known}; for a text with a colon say text:${word}`);
  }
  const term = read(value, now);
  return term === undefined
    ? err(`\`${word}\` has no value that \`${name}:\` can mean: ${MEANT[name] ?? 'a text'}.`)
    : ok(term);
}

const DAY = 'a day as 2026-11-28';
const AGE = 'an age as 30m, 12h, 7d or 2w';
const SIZE = 'bytes as 5000, 100K, 2M or 1G';

const MEANT: Readonly<Record<string, string>> = {
  ...{ since: DAY, before: DAY, on: DAY, sentsince: DAY, sentbefore: DAY, senton: DAY },
  ...{ younger: AGE, older: AGE, larger: SIZE, smaller: SIZE },
  uid: 'UIDs as 7, 7:9 or 7,12:*',
  header: 'a field and a text as List-Id=news',
};

function flagOf(word: string): Term | undefined {
  const name = word.startsWith('un') ? word.slice(2) : word;
  const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
  return flag === undefined ? undefined : { is: 'flag', flag, set: name === word };
}

const keyword = (flag: string, set: boolean): Term | undefined => (flag === '' ? undefined : { is: 'flag', flag, set });

const textIn = (scope: 'text' | 'body' | { readonly header: string }, text: string): Term | undefined =>
  text === '' ? undefined : { is: 'text', text, scope };

/** A field without a text asks whether the message has the field at all. */
function readHeader(value: string): Term | undefined {
  const [, header, text = ''] = /^([!-9;-<>-~]+)(?:=(.*))?$/s.exec(value) ?? [];
  return header === undefined ? undefined : { is: 'text', text, scope: { header: header.toLowerCase() } };
}

const bound = (value: number | undefined, make: (value: number) => Term): Term | undefined =>
  value === undefined ? undefined : make(value);

/** The beginning of a day in UTC, as INTERNALDATE is told by the server. */
function readDay(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || dayOf(time) !== text ? undefined : time;
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

function readSpan(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/i.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (SPANS_MS[unit.toLowerCase()] ?? 0);
}

function readSize(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,12})([kmg]?)b?$/i.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (SIZES[unit.toLowerCase()] ?? 0);
}

function readUids(text: string): Term | undefined {
  const spans: Span[] = [];
  for (const part of text.split(',')) {
    const [, first, last] = /^(\d{1,10})(?::(\d{1,10}|\*))?$/.exec(part) ?? [];
    if (first === undefined || first === '0') return undefined;
    const end = last === undefined ? Number(first) : last === '*' ? Number.POSITIVE_INFINITY : Number(last);
    spans.push({ first: Math.min(Number(first), end), last: Math.max(Number(first), end) });
  }
  return { is: 'uid', spans };
}
