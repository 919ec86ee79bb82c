import { type MailStore, openMailStore, type TextService, textWorker } from '@scorpiox/maildir';
import { type Config, mailPlaces } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { TEXT_BUILD_LOOK_MS } from '../../limits.ts';
import { storeFailure } from '../store.ts';
import { hasMail, usersOf } from '../users.ts';

export interface BuildRequest {
  /** Accounts; none: all that have mail. */
  readonly users: readonly string[];
  readonly signal: AbortSignal;
  /** How many messages of how many are in the text index, of the accounts so far and the one that is being built. */
  readonly onProgress: (indexed: number, messages: number) => void;
  /** Takes what the operator should know. */
  readonly print: (line: string) => void;
}

/** What was built of an account. */
export type BuiltIndex = {
  readonly user: string;
  readonly messages: number;
  readonly indexed: number;
  /** Of the text index on disk. */
  readonly bytes: number;
};

/**
 * Builds the text indexes of accounts, one after the other. It may run beside a server, which then adds nothing to the same
 * mailboxes; what was built stays when it is stopped.
 */
export async function buildTextIndexes(config: Config, request: BuildRequest): Promise<Result<BuiltIndex[], Failure>> {
  const users = await usersOf(config, request.users);
  if (!users.ok) return users;
  const text = textWorker();
  const built: BuiltIndex[] = [];
  try {
    for (const user of users.value) {
      // Opening would make a Maildir for whoever never got mail.
      if (!hasMail(config, user)) continue;
      const { indexed, messages } = sumOf({ mailboxes: built });
      const onProgress = (more: number, of: number): void => request.onProgress(indexed + more, messages + of);
      const one = await build(config, user, text, { ...request, onProgress });
      if (!one.ok) return one;
      built.push(one.value);
    }
  } finally {
    await text.close();
  }
  return ok(built);
}

async function build(
  config: Config,
  user: string,
  text: TextService,
  { signal, onProgress, print }: BuildRequest,
): Promise<Result<BuiltIndex, Failure>> {
  const opened = await openMailStore({
    ...mailPlaces(config, user),
    text,
    log: ({ level, message }) => {
      if (level === 'warn') print(message);
    },
  });
  if (!opened.ok) return err(storeFailure(opened.error));
  const store = opened.value;
  const watching = watch(store, onProgress);
  try {
    const built = await store.buildTextIndex(signal);
    if (!built.ok) return err(storeFailure(built.error));
    const { messages, indexed } = sumOf(built.value);
    return ok({ user, messages, indexed, bytes: built.value.bytes });
  } catch (error) {
    if (!signal.aborted) throw error;
    return err({ kind: 'interrupted', message: 'Stopped; what was built until then is kept.' });
  } finally {
    clearInterval(watching);
    await store.close();
  }
}

function watch(store: MailStore, tell: (indexed: number, messages: number) => void): NodeJS.Timeout {
  const look = async (): Promise<void> => {
    const status = await store.textIndex();
    if (!status.ok) return; // the building says what is wrong
    const { messages, indexed } = sumOf(status.value);
    tell(indexed, messages);
  };
  return setInterval(() => void look(), TEXT_BUILD_LOOK_MS);
}

type Sums = { readonly messages: number; readonly indexed: number };

const sumOf = ({ mailboxes }: { readonly mailboxes: readonly Sums[] }): Sums => ({
  messages: mailboxes.reduce((sum, { messages }) => sum + messages, 0),
  indexed: mailboxes.reduce((sum, { indexed }) => sum + indexed, 0),
});
