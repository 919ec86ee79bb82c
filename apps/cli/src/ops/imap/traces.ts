import type { Config } from '@scorpiox/shared/config';
import { type TraceReport, TraceResponse, TracesResponse } from '@scorpiox/shared/imap-admin';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { findAccount } from '../accounts.ts';
import type { ApiClient } from '../api/client.ts';
import type { Failure } from '../failure.ts';
import { ID_PREFIX_LEAST } from '../limits.ts';
import { findSession, listSessions } from './sessions.ts';

export interface TraceWanted {
  readonly subject: { readonly user: string } | { readonly session: string };
  readonly minutes?: number;
  /** Of each file, about. */
  readonly octets?: number;
}

/** Those that run, and the last that have ended. */
export async function listTraces(admin: ApiClient): Promise<Result<readonly TraceReport[], Failure>> {
  const answer = await admin.json(TracesResponse, 'GET', '/traces');
  return answer.ok ? ok(answer.value.traces) : answer;
}

/** Begins to write down what an account's sessions, or one session, say and are answered. */
export async function startTrace(
  config: Config,
  admin: ApiClient,
  { subject, ...bounds }: TraceWanted,
): Promise<Result<TraceReport, Failure>> {
  const whole = 'user' in subject ? await ofAccount(config, subject.user) : await ofSession(admin, subject.session);
  if (!whole.ok) return whole;
  const answer = await admin.json(TraceResponse, 'POST', '/traces', { ...whole.value, ...bounds });
  return answer.ok ? ok(answer.value.trace) : answer;
}

async function ofAccount(config: Config, name: string): Promise<Result<{ readonly user: string }, Failure>> {
  const account = await findAccount(config, name);
  return account.ok ? ok({ user: account.value.name }) : account;
}

async function ofSession(admin: ApiClient, given: string): Promise<Result<{ readonly session: string }, Failure>> {
  const listed = await listSessions(admin, {});
  const found = listed.ok ? findSession(listed.value.sessions, given) : listed;
  return found.ok ? ok({ session: found.value.id }) : found;
}

/** Ends the running trace that begins so; without a name the only one that runs. */
export async function stopTrace(admin: ApiClient, given: string | undefined): Promise<Result<TraceReport, Failure>> {
  const listed = await listTraces(admin);
  if (!listed.ok) return listed;
  const found = running(listed.value, given);
  if (!found.ok) return found;
  const answer = await admin.json(TraceResponse, 'DELETE', `/traces/${found.value.id}`);
  return answer.ok ? ok(answer.value.trace) : answer;
}

function running(traces: readonly TraceReport[], given: string | undefined): Result<TraceReport, Failure> {
  const all = traces.filter(({ ended }) => ended === null);
  const isLongEnough = given === undefined || given.length >= ID_PREFIX_LEAST;
  const [one, another] = all.filter(({ id }) => isLongEnough && id.startsWith((given ?? '').toLowerCase()));
  if (one === undefined) {
    const which = given === undefined ? 'No trace runs.' : `No trace ${JSON.stringify(given)} runs.`;
    return err({ kind: 'error', message: `${which} \`scorpiox imap trace list\` shows them.` });
  }
  if (another === undefined) return ok(one);
  return err({ kind: 'usage', message: `Several traces run: ${all.map(({ id }) => id).join(', ')}. Say which.` });
}
