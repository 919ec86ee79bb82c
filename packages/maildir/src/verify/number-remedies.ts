/** Which of the index's numbers are wrong, and what they have to be. Reads only. */

import { IndexReader, type MailboxFacts } from '../index/index-reader.ts';
import type { MailboxNumbers } from '../index/numbers.ts';
import { INBOX, mailboxOf } from '../names/mailbox-name.ts';
import { readWitnesses, type Witnesses } from './check-index.ts';

/** A mailbox's numbers as they are, and as they have to be. */
export interface NumberRemedy {
  readonly folder: string;
  readonly mailbox: string;
  readonly from: MailboxNumbers;
  readonly to: MailboxNumbers;
  /** The last UIDVALIDITY that was given, as it is noted and as it has to be; undefined where that stays. */
  readonly last: { readonly from: number; readonly to: number } | undefined;
}

/** RFC 9051 §9: nz-number, 32 bits. */
const MAX_UIDVALIDITY = 2 ** 32 - 1;

/**
 * What mends the numbers of an index. A mailbox of which UIDs may have been given twice gets a new UIDVALIDITY, so that
 * clients fetch it anew; the others only get numbers above all that were given.
 */
export function numberRemedies(places: {
  readonly maildir: string;
  readonly indexFile: string;
}): readonly NumberRemedy[] {
  const index = IndexReader.open(places.indexFile);
  if (!(index instanceof IndexReader)) return [];
  const copy = IndexReader.openCopy(places.indexFile);
  try {
    const witnesses = readWitnesses(places.maildir, copy);
    const mailboxes = index.mailboxes();
    const given = new Given(mailboxes, witnesses);
    return mailboxes.flatMap((mailbox) => remedyOf(index, mailbox, witnesses, given) ?? []);
  } finally {
    index.close();
    copy?.close();
  }
}

/** The UIDVALIDITYs that were given, and those that are given here. */
class Given {
  #highest: number;
  #noted: number | undefined;

  constructor(mailboxes: readonly MailboxFacts[], { copied, lastUidValidity }: Witnesses) {
    const all = [...mailboxes, ...copied.values()].map(({ uidValidity }) => uidValidity);
    this.#noted = lastUidValidity;
    this.#highest = all.reduce((one, other) => Math.max(one, other), lastUidValidity ?? 0);
  }

  next(): number {
    this.#highest = Math.min(this.#highest + 1, MAX_UIDVALIDITY);
    return this.#highest;
  }

  /** What has to be noted as the last one, once this one is given, and what is noted before that. */
  note(uidValidity: number): NumberRemedy['last'] {
    const from = this.#noted;
    if (from === undefined || from >= uidValidity) return undefined;
    this.#noted = uidValidity;
    return { from, to: uidValidity };
  }
}

function remedyOf(
  index: IndexReader,
  mailbox: MailboxFacts,
  { copied, lastUidValidity }: Witnesses,
  given: Given,
): NumberRemedy | undefined {
  const { id, folder, uidValidity, uidNext, highestModSeq } = mailbox;
  const before = copied.get(folder);
  const highest = index.highest(id);
  const isSame = uidValidity === before?.uidValidity;
  const isLowered = before !== undefined && (uidValidity < before.uidValidity || (isSame && uidNext < before.uidNext));
  const isUnknown = lastUidValidity !== undefined && uidValidity > lastUidValidity;
  const ranges = index.hasTrueRanges(id) ? undefined : index.ranges(id);
  const isBelow = highest.uid >= uidNext || highest.modSeq > highestModSeq;
  if (!isLowered && !isUnknown && !isBelow && ranges === undefined) return undefined;
  const known = isSame || isLowered ? (before?.uidNext ?? 1) : 1;
  const to = {
    uidValidity: isLowered ? given.next() : uidValidity,
    uidNext: Math.max(uidNext, known, highest.uid + 1, index.highestExpunged(id) + 1),
    highestModSeq: Math.max(highestModSeq, highest.modSeq),
    ...(ranges === undefined ? {} : { ranges: ranges.true }),
  };
  const from = { uidValidity, uidNext, highestModSeq, ...(ranges === undefined ? {} : { ranges: ranges.kept }) };
  const name = folder === '' ? INBOX : (mailboxOf(folder) ?? folder);
  return { folder, mailbox: name, from, to, last: given.note(to.uidValidity) };
}
