import type { Config } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { withReader } from './reader.ts';

/** A mailbox as it is listed. A type rather than an interface: only those are records of printable values. */
export type ListedMailbox = {
  readonly mailbox: string;
  readonly messages: number;
  readonly unseen: number;
  /** Octets as they are stored. */
  readonly size: number;
  readonly subscribed: boolean;
  /** Divided by blanks; empty where it has none. */
  readonly specialUse: string;
};

/** The mailboxes of a user, INBOX first, each counted by its files. */
export function listMailboxes(config: Config, user: string): Promise<Result<readonly ListedMailbox[], Failure>> {
  return withReader(config, user, async ({ reader }) => {
    const listed: ListedMailbox[] = [];
    for (const { name, subscribed, specialUse } of await reader.mailboxes()) {
      const tally = await reader.folder(name)?.tally();
      if (tally === undefined) continue; // it was deleted meanwhile
      const { messages, unseen, size } = tally;
      listed.push({ mailbox: name, messages, unseen, size, subscribed, specialUse: specialUse.join(' ') });
    }
    return ok(listed);
  });
}
