/** Who waits for whom, as trees whose roots wait for nobody. Pure. */
import type { Session } from './session.ts';

export interface Blocked {
  readonly session: Session;
  readonly waiting: readonly Blocked[];
}

/** A tree for each session that others wait for and that waits for none itself; the one that most wait for is first. */
export function blockingTrees(sessions: readonly Session[]): readonly Blocked[] {
  const byBlocker = Map.groupBy(
    // The workers of one statement wait for each other: that is its own business.
    sessions.filter(({ id, request }) => request?.blockedBy !== undefined && request.blockedBy !== id),
    ({ request }) => request?.blockedBy ?? 0,
  );
  const waiting = new Set([...byBlocker.values()].flat().map(({ id }) => id));
  const roots = [...byBlocker.keys()].filter((id) => !waiting.has(id));
  // Where all wait in a circle, until the server ends it, the circle is shown from its first session on.
  const heads = roots.length > 0 ? roots : [...byBlocker.keys()].sort((a, b) => a - b).slice(0, 1);
  return heads
    .map((id) => tree(sessions.find((one) => one.id === id) ?? nobody(id), byBlocker, new Set()))
    .sort((a, b) => countWaiting(b) - countWaiting(a) || a.session.id - b.session.id);
}

export const countWaiting = ({ waiting }: Blocked): number =>
  waiting.reduce((sum, one) => sum + 1 + countWaiting(one), 0);

function tree(
  session: Session,
  byBlocker: ReadonlyMap<number, readonly Session[]>,
  seen: ReadonlySet<number>,
): Blocked {
  const known = new Set([...seen, session.id]);
  const waiting = (byBlocker.get(session.id) ?? []).filter(({ id }) => !known.has(id));
  return { session, waiting: waiting.map((one) => tree(one, byBlocker, known)) };
}

/** Who holds a lock and is no session of a user: a system task, or (below 0) no session at all. */
const nobody = (id: number): Session => ({
  id,
  isOwn: false,
  login: NOBODY[id] ?? 'a session of the system',
  status: '',
  openTransactions: 0,
  signedIn: '',
});

const NOBODY: Readonly<Record<number, string>> = {
  [-2]: 'a distributed transaction without a session',
  [-3]: 'a recovery that was put off',
  [-4]: 'a latch whose owner is not known',
  [-5]: 'a latch that nobody owns',
};
