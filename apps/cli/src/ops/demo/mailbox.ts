import { parseMailboxName } from '@scorpiox/maildir';
import type { Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { findAccount } from '../accounts.ts';
import type { Failure } from '../failure.ts';
import { ensureMailbox } from '../mail/deliver.ts';
import { storeFailure, withMail } from '../mail/store.ts';
import { addUser } from '../user/add-user.ts';
import { demoMessages } from './mail/collection.ts';
import { type Notes, writeNotes } from './notes.ts';

export const DEMO_USER = 'demo';

type Print = (line: string) => void;

/**
 * Makes the demonstration's account and gives it its mail, each message once however often this runs. An account of
 * that name that somebody else made is left alone.
 */
export async function setUpMailbox(config: Config, before: Notes, print: Print): Promise<Result<Notes, Failure>> {
  const account = await findAccount(config, DEMO_USER);
  if (account.ok && !before.ownsAccount) return err(taken());
  if (!account.ok && account.error.kind !== 'no-such-user') return account;
  const notes = { ...before, ownsAccount: true };
  await writeNotes(config.dataDir, notes); // before the account: its password must not be lost
  if (!account.ok) {
    const added = await addUser(config, { name: DEMO_USER, password: notes.password }, print);
    if (!added.ok) return added;
  }
  return deliverRest(config, notes, print);
}

function deliverRest(config: Config, notes: Notes, print: Print): Promise<Result<Notes, Failure>> {
  return withMail({ config, user: DEMO_USER, print }, async (store) => {
    let current = notes;
    for (const message of demoMessages(notes.firstStart).slice(notes.mailDelivered)) {
      const { folder, content, flags, date: internalDate } = message;
      const name = parseMailboxName(folder);
      if (!name.ok) return err(storeFailure(name.error));
      const made = await ensureMailbox(store, name.value);
      if (!made.ok) return made;
      const stored = await store.append(name.value, { content, flags, internalDate });
      if (!stored.ok) return err(storeFailure(stored.error));
      current = { ...current, mailDelivered: current.mailDelivered + 1 };
      await writeNotes(config.dataDir, current);
    }
    return ok(current);
  });
}

const taken = (): Failure => ({
  kind: 'error',
  message: `There is an account named ${DEMO_USER} already that the demonstration did not make; it gets no demonstration mail.`,
});
