import { type SessionReport, SessionsResponse } from '@scorpiox/shared/imap-admin';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { ApiClient } from '../api/client.ts';
import type { Failure } from '../failure.ts';
import { ID_PREFIX_LEAST } from '../limits.ts';

export interface SessionsWanted {
  /** An account's name. */
  readonly user?: string;
  /** Only those that have been stalled for so many milliseconds. */
  readonly stalledMs?: number;
}

export interface Sessions {
  /** Those that need looking at first. */
  readonly sessions: readonly SessionReport[];
  /** A sentence for each part of the server that did not answer. */
  readonly missing: readonly string[];
}

/** The connections as they are now. */
export async function listSessions(admin: ApiClient, wanted: SessionsWanted): Promise<Result<Sessions, Failure>> {
  const answer = await admin.json(SessionsResponse, 'GET', '/sessions');
  if (!answer.ok) return answer;
  const { sessions, missing } = answer.value;
  return ok({ sessions: ordered(sessions.filter((session) => isWanted(session, wanted))), missing });
}

/**
 * Milliseconds for which nothing has moved although something should: the client takes nothing of its answer, or a
 * command runs and no octet goes either way. Undefined where all is well; IDLE waits by its nature.
 */
export function stalledFor({ stalledMs, command, quietMs }: SessionReport): number | undefined {
  if (stalledMs !== null) return stalledMs;
  return command === null || command.name === 'IDLE' ? undefined : Math.min(command.ageMs, quietMs);
}

function isWanted(session: SessionReport, { user, stalledMs }: SessionsWanted): boolean {
  if (user !== undefined && session.user !== user.toLowerCase()) return false;
  return stalledMs === undefined || (stalledFor(session) ?? -1) >= stalledMs;
}

/** The longest stalled first, then the oldest. */
function ordered(sessions: readonly SessionReport[]): readonly SessionReport[] {
  return sessions.toSorted((a, b) => (stalledFor(b) ?? 0) - (stalledFor(a) ?? 0) || b.connectedMs - a.connectedMs);
}

/** The session whose id this is, or begins with this. */
export function findSession(sessions: readonly SessionReport[], given: string): Result<SessionReport, Failure> {
  const prefix = given.toLowerCase();
  const found = sessions.filter(({ id }) => id === prefix || (isLongEnough(prefix) && id.startsWith(prefix)));
  const [one, another] = found;
  if (another !== undefined) {
    const ids = found.map(({ id }) => id).join(', ');
    return err({ kind: 'usage', message: `Several sessions begin with ${prefix}: ${ids}. Give more of it.` });
  }
  return one === undefined ? err(noSuchSession(given)) : ok(one);
}

const isLongEnough = (prefix: string): boolean => prefix.length >= ID_PREFIX_LEAST;

const noSuchSession = (given: string): Failure => ({
  kind: 'error',
  message: `There is no session ${JSON.stringify(given)}. \`scorpiox imap sessions\` shows those that are there; ${ID_PREFIX_LEAST} characters of an id are enough.`,
});
