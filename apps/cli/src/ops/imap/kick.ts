import type { SessionReport } from '@scorpiox/shared/imap-admin';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { ApiClient } from '../api/client.ts';
import type { Failure } from '../failure.ts';
import { findSession, listSessions } from './sessions.ts';

export type KickSubject = { readonly session: string } | { readonly user: string };

/** Ends a session, or all of a user's; answers with those that were told to end. */
export async function kick(admin: ApiClient, subject: KickSubject): Promise<Result<readonly SessionReport[], Failure>> {
  const chosen = await choose(admin, subject);
  if (!chosen.ok) return chosen;
  const kicked: SessionReport[] = [];
  const failures: Failure[] = [];
  for (const session of chosen.value) {
    const done = await admin.done('POST', `/sessions/${session.id}/kick`);
    if (done.ok) kicked.push(session);
    else failures.push(done.error);
  }
  const [failure] = failures;
  if (failure === undefined) return ok(kicked);
  if (kicked.length === 0) return err(failure);
  const message = `${kicked.length} of ${chosen.value.length} sessions were ended; then: ${failure.message}`;
  return err({ kind: 'partly-done', message });
}

async function choose(admin: ApiClient, subject: KickSubject): Promise<Result<readonly SessionReport[], Failure>> {
  const listed = await listSessions(admin, 'user' in subject ? { user: subject.user } : {});
  if (!listed.ok) return listed;
  const { sessions, missing } = listed.value;
  if ('user' in subject) return sessions.length > 0 ? ok(sessions) : err(nobody(subject.user, missing));
  const found = findSession(sessions, subject.session);
  if (found.ok) return ok([found.value]);
  return missing.length > 0
    ? err({ kind: 'try-again', message: `${found.error.message} ${missing.join(' ')}` })
    : found;
}

function nobody(user: string, missing: readonly string[]): Failure {
  const message = `${user} has no sessions.`;
  return missing.length > 0
    ? { kind: 'try-again', message: `${message} ${missing.join(' ')}` }
    : { kind: 'error', message };
}
