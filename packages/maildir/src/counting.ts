/**
 * The numbers of STATUS. They are counted in slices between which the loop turns; they belong together where the mailbox's
 * highest modification sequence is the same before the first slice and after the last one, as every arrival, flag and
 * expunge raises it. What is claimed does not: \Recent is counted at the end, in the snapshot that says so. Where a
 * mailbox does not come to rest, everything is counted on one snapshot in the end.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MailIndex } from './index/index.ts';
import type { MailboxRow } from './index/mailboxes.ts';
import type { Counts } from './index/states.ts';
import { COUNT_ATTEMPTS, FLAGS_READ } from './limits.ts';
import type { MailboxStatus } from './model.ts';

interface Counted {
  readonly status: MailboxStatus;
  /** Messages of which only the name is known: the size is without them. */
  readonly unlearnt: number;
}

/** Counts a mailbox's messages; throws what the signal's reason is. `row` stands for the mailbox where it is gone by now. */
export async function countMessages(index: MailIndex, row: MailboxRow, signal?: AbortSignal): Promise<Counted> {
  const head = (): MailboxRow => index.mailboxes.byId(row.id) ?? row;
  const told = (counts: Counts): Counted => statusOf(head(), counts, index.states.countRecent(row.id));
  for (let attempt = 0; attempt < COUNT_ATTEMPTS; attempt += 1) {
    const before = head().highestModSeq;
    const counts = await countInSlices(index, row.id, signal);
    const counted = index.db.read(() => (head().highestModSeq === before ? told(counts) : undefined));
    if (counted !== undefined) return counted;
  }
  return index.db.read(() => told(index.states.counts(row.id, 0, -1)));
}

async function countInSlices({ states }: MailIndex, mailbox: number, signal?: AbortSignal): Promise<Counts> {
  let sum = states.counts(mailbox, 0, FLAGS_READ);
  for (let counted = sum.messages; counted === FLAGS_READ; ) {
    await nextTurn();
    signal?.throwIfAborted();
    const next = states.counts(mailbox, sum.last, FLAGS_READ);
    counted = next.messages;
    if (counted > 0) sum = plus(sum, next);
  }
  return sum;
}

const plus = (a: Counts, b: Counts): Counts => ({
  messages: a.messages + b.messages,
  unseen: a.unseen + b.unseen,
  deleted: a.deleted + b.deleted,
  size: a.size + b.size,
  unlearnt: a.unlearnt + b.unlearnt,
  last: b.last,
});

function statusOf(row: MailboxRow, counts: Counts, recent: number): Counted {
  const { uidNext, uidValidity, highestModSeq, objectId: mailboxId } = row;
  const { messages, unseen, deleted, size, unlearnt } = counts;
  return {
    status: { messages, recent, unseen, deleted, size, uidNext, uidValidity, highestModSeq, mailboxId },
    unlearnt,
  };
}
