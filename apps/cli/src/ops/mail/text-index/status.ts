import type { Config } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { withReader } from '../read/reader.ts';
import { hasMail, usersOf } from '../users.ts';

/** How far the text index of a mailbox is. */
export type IndexedMailbox = {
  readonly user: string;
  readonly mailbox: string;
  readonly messages: number;
  readonly indexed: number;
};

/** How far the text indexes of these accounts are; of all that have mail where none is named. */
export async function textIndexStatus(
  config: Config,
  names: readonly string[],
): Promise<Result<readonly IndexedMailbox[], Failure>> {
  const users = await usersOf(config, names);
  if (!users.ok) return users;
  const all: IndexedMailbox[] = [];
  for (const user of users.value) {
    if (names.length === 0 && !hasMail(config, user)) continue;
    const one = await statusOf(config, user);
    if (!one.ok) return one;
    all.push(...one.value);
  }
  return ok(all);
}

const statusOf = (config: Config, named: string): Promise<Result<readonly IndexedMailbox[], Failure>> =>
  withReader(config, named, async ({ user, reader }) => {
    const all: IndexedMailbox[] = [];
    for (const { name } of await reader.mailboxes()) {
      const tally = await reader.folder(name)?.tally();
      if (tally === undefined) continue; // it was deleted meanwhile
      const indexed = Math.min(reader.indexedTexts(name), tally.messages);
      all.push({ user, mailbox: name, messages: tally.messages, indexed });
    }
    return ok(all);
  });
