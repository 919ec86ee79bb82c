import { existsSync } from 'node:fs';
import { type Finding, verifyMaildir } from '@scorpiox/maildir';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { unreadableMail, usersOf } from './users.ts';

interface VerifyRequest {
  /** Accounts; none: all of them. */
  readonly users: readonly string[];
  /** Whether messages are read as well. */
  readonly contents: boolean;
  /** How many findings are kept; further ones are counted. */
  readonly most: number;
  /** Called now and then, with how many messages were looked at so far. */
  readonly onProgress?: (messages: number) => void;
}

/** A finding as it is shown. A type rather than an interface: only those are records of printable values. */
type ShownFinding = { readonly user: string } & Pick<Finding, 'level' | 'mailbox' | 'fault' | 'path' | 'message'>;

/** What was looked at, and what was found. */
interface VerifyOutcome {
  readonly findings: readonly ShownFinding[];
  readonly faults: number;
  readonly notes: number;
  readonly users: number;
  readonly folders: number;
  readonly messages: number;
}

/** Looks over the mail of accounts, one after the other; it changes nothing. */
export async function verifyMail(config: Config, request: VerifyRequest): Promise<Result<VerifyOutcome, Failure>> {
  const users = await usersOf(config, request.users);
  if (!users.ok) return users;
  const findings: ShownFinding[] = [];
  const count = { faults: 0, notes: 0, folders: 0, messages: 0 };
  for (const user of users.value) {
    const places = mailPlaces(config, user);
    // Whoever never got mail has none that could be wrong, and no index either.
    if (request.users.length === 0 && !existsSync(places.maildir)) continue;
    const before = { folders: count.folders, messages: count.messages };
    const onProgress = (folders: number, messages: number): void => {
      count.folders = before.folders + folders;
      count.messages = before.messages + messages;
      request.onProgress?.(count.messages);
    };
    try {
      for await (const found of verifyMaildir({ ...places, contents: request.contents, onProgress })) {
        count[found.level === 'fault' ? 'faults' : 'notes'] += 1;
        if (findings.length < request.most) findings.push(show(user, found));
      }
    } catch (error) {
      return err(unreadableMail(config, user, error));
    }
  }
  return ok({ findings, users: users.value.length, ...count });
}

/** The sentence ends with what was expected and what is there, where that says more. */
const show = (user: string, { level, mailbox, fault, path, detail, message }: Finding): ShownFinding => ({
  user,
  level,
  mailbox,
  fault,
  path,
  message: detail === '' ? message : `${message.replace(/\.$/, '')}: ${detail}.`,
});
