import { type Flag, type Mailbox, type MailboxName, type MailStore, parseUid, type Uid } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { storeFailure } from '../mail/store.ts';
import { type Brought, beginRemoval, broughtIn, forget, isAbout, sittingIn } from './journal.ts';
import { StoreTarget } from './store/target.ts';

interface Removal {
  readonly name: MailboxName;
  readonly journal: string;
  readonly sitting: number;
  /** Whether the mailbox was made by it. */
  readonly makes: boolean;
}

/**
 * Removes what a sitting brought into a mailbox, but for messages whose flags were changed since, and the mailbox where it was
 * made for it and holds nothing else. Cut short, it goes on by being done again: those that are marked as deleted by then are
 * its own.
 */
export async function removeBrought(store: MailStore, removal: Removal): Promise<Result<void, Failure>> {
  const { name, journal, sitting, makes } = removal;
  const mailbox = await store.open(name);
  if (!mailbox.ok) return err(storeFailure(mailbox.error));
  try {
    if (!isAbout(journal, new StoreTarget(store, mailbox.value).identity)) {
      return err({ kind: 'stale', message: `${name} is another mailbox now, or its messages were numbered anew.` });
    }
    const isGoingOn = sittingIn(journal, sitting).state === 'removing';
    if (!isGoingOn) beginRemoval(journal, sitting);
    const removed = await removeUnchanged(mailbox.value, broughtIn(journal, sitting), isGoingOn ? ['\\deleted'] : []);
    if (!removed.ok) return removed;
    forget(journal, sitting, removed.value);
  } finally {
    await mailbox.value.close();
  }
  return makes ? removeIfEmpty(store, name) : ok(undefined);
}

/** The places of those that are gone, ascending. Flags that are `ours` (in small letters) change nothing. */
async function removeUnchanged(
  mailbox: Mailbox,
  brought: readonly Brought[],
  ours: readonly string[],
): Promise<Result<Float64Array, Failure>> {
  const gone: number[] = [];
  const unchanged: Uid[] = [];
  const seen = mailbox.highestModSeq;
  for (const { place, flags } of brought) {
    const uid = parseUid(place);
    const state = uid === undefined ? undefined : mailbox.state(uid);
    if (state === undefined) gone.push(place);
    else if (isSame(state.flags, flags, ours)) unchanged.push(state.uid);
  }
  const marked = await mailbox.store(unchanged, { operation: 'add', flags: ['\\Deleted'], unchangedSince: seen });
  if (!marked.ok) return err(storeFailure(marked.error));
  const expunged = await mailbox.expunge(marked.value.changed.map(({ uid }) => uid));
  if (!expunged.ok) return err(storeFailure(expunged.error));
  return ok(Float64Array.from([...gone, ...expunged.value]).sort());
}

function isSame(flags: ReadonlySet<Flag>, others: readonly Flag[], ours: readonly string[]): boolean {
  const told = (some: Iterable<Flag>) =>
    new Set([...some].map((flag) => flag.toLowerCase()).filter((flag) => !ours.includes(flag)));
  const [has, wanted] = [told(flags), told(others)];
  return has.size === wanted.size && [...has].every((flag) => wanted.has(flag));
}

async function removeIfEmpty(store: MailStore, name: MailboxName): Promise<Result<void, Failure>> {
  const status = await store.status(name, { size: false });
  if (!status.ok || status.value.messages > 0) return ok(undefined);
  const removed = await store.delete(name);
  if (!removed.ok) return err(storeFailure(removed.error));
  await store.subscribe(name, false);
  return ok(undefined);
}
