/**
 * What mailbox programs write into the header of a message in an mbox: flags, numbers, labels. It is theirs and not the
 * message's, and is taken out again. Pure.
 *
 * Of each field only the first one is taken out, and only where it says something: a bug tracker's `Status: open` stays.
 * Our own exports begin every message with the same three fields (`OWN`); in those nothing else is touched, so that a
 * message with fields like these of its own comes back as it was.
 */
import type { Flag } from '@scorpiox/maildir';
import { toKeyword } from '@scorpiox/maildir/format';
import { headerValues } from '@scorpiox/maildir/mime';

/** A piece of a header, in octets from its beginning. */
interface Field {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface MboxHeader {
  /** Octets up to and with the empty line that ends it. */
  readonly length: number;
  /** What is not the message's, ascending. */
  readonly dropped: readonly Pick<Field, 'start' | 'end'>[];
  readonly flags: readonly Flag[];
  /** What Content-Length says. */
  readonly bodyLength: number | undefined;
  /** The moment of the newest `Received`, else of `Date`. */
  readonly date: number | undefined;
  /** What `X-Gmail-Labels` says; undefined where there is none. */
  readonly labels: readonly string[] | undefined;
  /** Whether it was written by an export of ours. */
  readonly isOwn: boolean;
  /** Whether it is no message but a note of a mail server of the University of Washington to itself. */
  readonly isInternal: boolean;
}

/** Fields of mailbox programs, each with what it has to look like. */
const FOREIGN: Readonly<Record<string, RegExp>> = {
  status: /^[ROU \t]*$/i,
  'x-status': /^[ADFTRU \t]*$/i,
  'x-keywords': /^/,
  'x-uid': /^\d+\s*$/,
  'x-imap': /^\d/,
  'x-imapbase': /^\d/,
  'content-length': /^\d+\s*$/,
  'x-mozilla-status': /^[0-9a-f]{4}\s*$/i,
  'x-mozilla-status2': /^[0-9a-f]{8}\s*$/i,
  'x-mozilla-keys': /^/,
  'x-gmail-labels': /^/,
  'x-gm-thrid': /^\d+\s*$/,
};

/** What an export of ours writes before each message, in this order. */
const OWN = ['status', 'x-status', 'x-keywords'] as const;

/** `octets` begin with a header, and may go on with a body. */
export function parseMboxHeader(octets: Buffer): MboxHeader {
  const { fields, length } = fieldsOf(octets);
  const isOwn = OWN.every((name, at) => fields[at]?.name === name && fields[at].start === (fields[at - 1]?.end ?? 0));
  const theirs = isOwn ? fields.slice(0, OWN.length) : firstOfEach(fields);
  const value = (name: string): string | undefined => theirs.find((field) => field.name === name)?.value;
  const first = (name: string): string | undefined => fields.find((field) => field.name === name)?.value;
  const bodyLength = isOwn ? undefined : value('content-length');
  const labels = value('x-gmail-labels');
  return {
    length,
    dropped: theirs,
    flags: flagsOf(value),
    bodyLength: bodyLength === undefined ? undefined : Number(bodyLength),
    date: dateOf(first('received')?.split(';').at(-1)) ?? dateOf(first('date')),
    labels: labels === undefined ? undefined : labelsOf(octets.subarray(0, length)),
    isOwn,
    isInternal: value('x-imap') !== undefined && /FOLDER INTERNAL DATA/.test(first('subject') ?? ''),
  };
}

/** The fields up to the empty line, or up to the end of what is there. */
function fieldsOf(octets: Buffer): { readonly fields: readonly Field[]; readonly length: number } {
  const end = /\r?\n\r?\n|^\r?\n/.exec(octets.toString('latin1'));
  const length = end === null ? octets.length : end.index + end[0].length;
  const text = octets.toString('latin1', 0, length);
  const fields: Field[] = [];
  for (const match of text.matchAll(/(?<=^|\n)([^\s:][^:\r\n]*?)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|$)/g)) {
    const [whole, name = '', value = ''] = match;
    fields.push({
      name: name.toLowerCase(),
      value: value.replace(/\r?\n/g, '').trim(),
      start: match.index,
      end: match.index + whole.length,
    });
  }
  return { fields, length };
}

function firstOfEach(fields: readonly Field[]): readonly Field[] {
  const seen = new Set<string>();
  return fields.filter(({ name, value }) => {
    if (seen.has(name) || FOREIGN[name]?.test(value) !== true) return false;
    seen.add(name);
    return true;
  });
}

const MOZILLA: readonly (readonly [bit: number, flag: Flag])[] = [
  [0x0001, '\\Seen'],
  [0x0002, '\\Answered'],
  [0x0004, '\\Flagged'],
  // Removed, and still in the file until Thunderbird compacts it.
  [0x0008, '\\Deleted'],
];
const LETTERS: Readonly<Record<string, Flag>> = {
  A: '\\Answered',
  D: '\\Deleted',
  F: '\\Flagged',
  R: '\\Seen',
  T: '\\Draft',
};

function flagsOf(value: (name: string) => string | undefined): readonly Flag[] {
  // Only `R` of Status is a flag: `O` says that somebody has been told of the message.
  const letters = (value('status') ?? '').toUpperCase().replace(/[^R]/g, '') + (value('x-status') ?? '').toUpperCase();
  const mozilla = Number.parseInt(value('x-mozilla-status') ?? '0', 16);
  const keywords = `${value('x-keywords') ?? ''} ${value('x-mozilla-keys') ?? ''}`.split(/[\s,]+/);
  return [
    ...new Set([
      ...[...letters].flatMap((letter) => LETTERS[letter] ?? []),
      ...MOZILLA.filter(([bit]) => (mozilla & bit) !== 0).map(([, flag]) => flag),
      ...keywords.filter((keyword) => keyword !== '').map(toKeyword),
    ]),
  ];
}

/** Several labels, divided by commas; those that hold one are quoted. */
const labelsOf = (header: Buffer): readonly string[] =>
  [...(headerValues(header, 'X-Gmail-Labels')[0] ?? '').matchAll(/"([^"]*)"|([^,]+)/g)]
    .map(([, quoted, plain]) => (quoted ?? plain ?? '').trim())
    .filter((label) => label !== '');

function dateOf(text: string | undefined): number | undefined {
  const time = Date.parse((text ?? '').replace(/\([^()]*\)/g, ' ').trim());
  return Number.isNaN(time) || time < 0 ? undefined : time;
}
