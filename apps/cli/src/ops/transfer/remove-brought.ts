import { type Flag, type Mailbox, type MailboxName, type MailStore, parseUid, type Uid } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { storeFailure } from '../mail/store.ts';
import { type Brought, broughtIn, forget, isAbout } from './journal.ts';
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
 * made for it and holds nothing else.
 */
export async function removeBrought(store: MailStore, removal: Removal): Promise<Result<void, Failure>> {
  const { name, journal, sitting, makes } = removal;
  const mailbox = await store.open(name);
  if (!mailbox.ok) return err(storeFailure(mailbox.error));
  try {
    if (!isAbout(journal, new StoreTarget(store, mailbox.value).identity)) {
      return err({ kind: 'stale', message: `${name} is another mailbox now, or its messages were numbered anew.` });
    }
    const brought = broughtIn(journal, sitting);
    const removed = await removeUnchanged(mailbox.value, brought);
    if (!removed.ok) return removed;
    forget(journal, sitting, removed.value);
  } finally {
    await mailbox.value.close();
  }
  return makes ? removeIfEmpty(store, name) : ok(undefined);
}

/** The places of those that are gone, ascending. */
async function removeUnchanged(mailbox: Mailbox, brought: readonly Brought[]): Promise<Result<Float64Array, Failure>> {
  const gone: number[] = [];
  const unchanged: Uid[] = [];
  const seen = mailbox.highestModSeq;
  for (const { place, flags } of brought) {
    const uid = parseUid(place);
    const state = uid === undefined ? undefined : mailbox.state(uid);
    if (state === undefined) gone.push(place);
    else if (isSame(state.flags, flags)) unchanged.push(state.uid);
  }
  const marked = await mailbox.store(unchanged, { operation: 'add', flags: ['\\Deleted'], unchangedSince: seen });
  if (!marked.ok) return err(storeFailure(marked.error));
  const expunged = await mailbox.expunge(marked.value.changed.map(({ uid }) => uid));
  if (!expunged.ok) return err(storeFailure(expunged.error));
  return ok(Float64Array.from([...gone, ...expunged.value]).sort());
}

function isSame(flags: ReadonlySet<Flag>, others: readonly Flag[]): boolean {
  const wanted = new Set(others.map((flag) => flag.toLowerCase()));
  return flags.size === wanted.size && [...flags].every((flag) => wanted.has(flag.toLowerCase()));
}

async function removeIfEmpty(store: MailStore, name: MailboxName): Promise<Result<void, Failure>> {
  const status = await store.status(name, { size: false });
  if (!status.ok || status.value.messages > 0) return ok(undefined);
  const removed = await store.delete(name);
  if (!removed.ok) return err(storeFailure(removed.error));
  await store.subscribe(name, false);
  return ok(undefined);
}
