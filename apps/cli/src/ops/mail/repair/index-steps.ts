import type { Fault, NumberRemedy } from '@scorpiox/maildir';
import { makeIndex, moveIndexFile } from '../../plan/actions/mail/index-file.ts';
import { setMailboxNumbersAction } from '../../plan/actions/mail/numbers.ts';
import { freePlace, type Mending } from './mending.ts';

/** Adds the steps that mend an index that is missing or cannot be read. */
export async function mendIndex(mending: Mending, fault: Fault, message: string): Promise<void> {
  const { user, maildir, indexFile, owner, planner, leave } = mending;
  if (fault === 'index-version') {
    leave(`${message} Opening the mail brings an older one up to date; a newer one needs the program that made it.`);
    return;
  }
  if (process.getuid?.() !== owner) {
    leave(`${message} Repair it as the Maildir's owner, user ${owner}, whose it has to be.`);
    return;
  }
  if (fault === 'index-damaged') {
    const aside = await freePlace(mending, 'index.db');
    const does = `${user}: set the index ${indexFile} aside. ${message}`;
    await planner.add(does, moveIndexFile.of({ indexFile, aside, direction: 'out' }));
  }
  const aside = await freePlace(mending, 'index-made.db');
  const does = `${user}: make an index from its last copy and the files. Mail programs fetch the mail anew.`;
  await planner.add(does, makeIndex.of({ maildir, indexFile, aside }));
}

/** Adds the step that sets a mailbox's numbers right. */
export async function mendNumbers(mending: Mending, remedy: NumberRemedy): Promise<void> {
  const { user, maildir, indexFile, owner, planner, leave } = mending;
  const { folder, mailbox, from, to, last } = remedy;
  if (process.getuid?.() !== owner) {
    leave(`the numbers of ${mailbox} are wrong. Repair them as the Maildir's owner, user ${owner}.`);
    return;
  }
  const action = setMailboxNumbersAction.of({
    ...{ maildir, indexFile, folder, mailbox },
    from: { ...plain(from), ...(last === undefined ? {} : { last: last.from }) },
    to: { ...plain(to), ...(last === undefined ? {} : { last: last.to }) },
  });
  if (Object.values(await planner.look(action)).includes('somebody')) {
    leave(`the numbers of ${mailbox} are wrong, and its index is open in another program. Stop the IMAP server first.`);
    return;
  }
  const news = from.uidValidity === to.uidValidity ? '' : ' Mail programs fetch it anew.';
  await planner.add(`${user}: ${changes(remedy)} of ${mailbox}, while nobody has the mail open.${news}`, action);
}

type Numbers = NumberRemedy['from'];

/** The same with ranges that may be changed, as data of an action is. */
const plain = ({ ranges, ...numbers }: Numbers) =>
  ranges === undefined ? numbers : { ...numbers, ranges: ranges.map(([first, end]): [number, number] => [first, end]) };

function changes({ from, to, last }: NumberRemedy): string {
  const changed = (
    [
      ['UIDVALIDITY', from.uidValidity, to.uidValidity],
      ['the next UID', from.uidNext, to.uidNext],
      ['HIGHESTMODSEQ', from.highestModSeq, to.highestModSeq],
      ['the last UIDVALIDITY noted', last?.from, last?.to],
    ] as const
  ).flatMap(([name, before, after]) => (before === after ? [] : [`${name} from ${before} to ${after}`]));
  if (to.ranges !== undefined) changed.push('the ranges of UIDs to those of its messages');
  return `set ${changed.join(', ')}`;
}
