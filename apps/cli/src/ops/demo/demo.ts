import type { Config } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { registerApplications, runApplications } from './applications.ts';
import { DEMO_USER, setUpMailbox } from './mailbox.ts';
import { freshNotes, readNotes } from './notes.ts';

export interface DemoOptions {
  readonly config: Config;
  /** Base address of the API. */
  readonly endpoint: string;
  /** Ends the applications. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

export interface Demo {
  /** How to read the demonstration's mail; undefined where the account is somebody else's. */
  readonly account?: { readonly user: string; readonly password: string };
  /** Resolves when the applications have ended. Never rejects. */
  readonly ended: Promise<void>;
}

/** Sets up the demonstration and starts its applications, which send in the background until the signal. */
export async function startDemo({ config, endpoint, signal, print }: DemoOptions): Promise<Result<Demo, Failure>> {
  const keys = await registerApplications(config);
  if (!keys.ok) return keys;
  const before = (await readNotes(config.dataDir)) ?? freshNotes(Date.now());
  const mailbox = await setUpMailbox(config, before, print);
  if (!mailbox.ok) print(mailbox.error.message);
  const notes = mailbox.ok ? mailbox.value : before;
  const ended = runApplications(keys.value, { config, notes, endpoint, signal, print }).catch((error: unknown) =>
    print(`The simulated applications have ended: ${error instanceof Error ? error.message : String(error)}`),
  );
  return ok(mailbox.ok ? { account: { user: DEMO_USER, password: notes.password }, ended } : { ended });
}
