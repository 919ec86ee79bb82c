/**
 * CAPABILITY, NOOP, LOGOUT, CHECK, which is NOOP for a selected mailbox (RFC 3501 §6.1, §6.4.1), and what a client may ask
 * of the server as such: ID (RFC 2971), NAMESPACE (RFC 2342).
 */
import { DELIMITER } from '../mailbox/store.ts';
import type { Response } from '../wire/response.ts';
import { type Context, type Outcome, ok } from './context.ts';

export async function* capability(context: Context): AsyncGenerator<Response, Outcome, void> {
  yield { type: 'capability', capabilities: context.capabilities() };
  return ok('Capability completed.');
}

/** The session looks at the mailbox before every command and tells what is new after it; that is all NOOP is for. */
export async function noop(): Promise<Outcome> {
  return ok('NOOP completed.');
}

/** As NOOP: what was answered is on disk already. */
export async function check(): Promise<Outcome> {
  return ok('CHECK completed.');
}

export async function* logout(): AsyncGenerator<Response, Outcome, void> {
  yield { type: 'bye', text: 'Logging out.' };
  return { ...ok('LOGOUT completed.'), next: 'close' };
}

/** Who this is, and no more than that: versions and systems help only those who look for holes (RFC 2971 §4). */
export async function* id(): AsyncGenerator<Response, Outcome, void> {
  yield { type: 'id', fields: [['name', 'Scorpiox']] };
  return ok('ID completed.');
}

export async function* namespace(): AsyncGenerator<Response, Outcome, void> {
  yield { type: 'namespace', delimiter: DELIMITER };
  return ok('NAMESPACE completed.');
}
