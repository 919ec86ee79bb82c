import { tellTime } from '../../../amounts.ts';
import { blockingTrees, countWaiting } from '../../sessions/chain.ts';
import { readSessions } from '../../sessions/read.ts';
import type { Session } from '../../sessions/session.ts';
import { IDLE_TRANSACTION_MS, SESSIONS_MANY } from '../limits.ts';
import type { Probe } from '../probe.ts';
import { type Found, found, less, type Told } from '../report.ts';

export const sessions: Probe = {
  section: 'sessions',
  look: async ({ db }) => tellSessions(await readSessions(db)),
};

export const blocking: Probe = {
  section: 'blocking',
  look: async ({ db }) => tellBlocking(await readSessions(db)),
};

/** Sessions of users, this tool's left out, by program and host; the most first. */
function tellSessions(all: readonly Session[]): Told {
  const others = all.filter(({ isOwn }) => !isOwn);
  const groups = Map.groupBy(others, ({ program = '(no name)', host = '' }) => `${program}\n${host}`);
  const rows = [...groups.values()]
    .map((group) => ({
      program: group[0]?.program ?? '(no name)',
      host: group[0]?.host ?? '',
      sessions: group.length,
      atWork: group.filter(({ request }) => request !== undefined).length,
      blocked: group.filter(({ request }) => request?.blockedBy !== undefined).length,
      openTransactions: group.filter(({ openTransactions }) => openTransactions > 0).length,
    }))
    .sort((a, b) => b.sessions - a.sessions || (a.program < b.program ? -1 : 1));
  const atWork = others.filter(({ request }) => request !== undefined).length;
  const programs = new Set(rows.map(({ program }) => program)).size;
  const summary = `${others.length} of ${programs} program${programs === 1 ? '' : 's'}, ${atWork} at work`;
  return {
    summary,
    facts: { sessions: others.length, programs, atWork },
    rows,
    findings: [...tooMany(others.length, summary, rows), ...others.flatMap(idle)],
    measures: [less('sessions', others.length), less('sessions at work', atWork)],
  };
}

function tooMany(
  count: number,
  evidence: string,
  rows: readonly { readonly program: string; readonly sessions: number }[],
): readonly Found[] {
  if (count < SESSIONS_MANY) return [];
  const most = rows.slice(0, 3).map(({ program, sessions: n }) => `${program} ${n}`);
  return [
    found(
      'warning',
      'many-sessions',
      '',
      `${count} sessions are open: ${most.join(', ')}${rows.length > 3 ? ' and others' : ''}.`,
      {
        evidence,
        mend: 'scorpiox db top',
      },
    ),
  ];
}

/** A session that holds a transaction open and runs nothing: what it has locked stays locked. */
function idle(session: Session): readonly Found[] {
  const { id, program, login, openTransactions, quietMs = 0, request } = session;
  if (request !== undefined || openTransactions === 0 || quietMs < IDLE_TRANSACTION_MS) return [];
  const message = `Session ${id} of ${program ?? login} has held a transaction open for ${tellTime(quietMs)} and runs nothing.`;
  return [
    found('warning', 'idle-transaction', String(id), message, {
      evidence: `${openTransactions} open, last statement ended ${tellTime(quietMs)} ago`,
      mend: `scorpiox db kill ${id}`,
    }),
  ];
}

/** The chain of those that wait for locks. */
function tellBlocking(all: readonly Session[]): Told {
  const trees = blockingTrees(all);
  const waiting = trees.reduce((sum, tree) => sum + countWaiting(tree), 0);
  const longest = Math.max(
    0,
    ...all.map(({ request }) => (request?.blockedBy === undefined ? 0 : (request.wait?.ms ?? 0))),
  );
  const rows = trees.map((tree) => ({
    session: tree.session.id,
    program: tree.session.program ?? tree.session.login,
    waiting: countWaiting(tree),
    statement: tree.session.statement ?? '',
  }));
  return {
    summary: trees.length === 0 ? 'nobody waits for a lock' : `${waiting} wait, the longest for ${tellTime(longest)}`,
    facts: { waiting, heads: trees.length, longestMs: longest },
    rows,
    findings: rows.map((row) =>
      found(
        'fault',
        'blocking',
        String(row.session),
        `${row.waiting} session${row.waiting === 1 ? ' waits' : 's wait'} for session ${row.session} of ${row.program}.`,
        {
          evidence: `longest wait ${tellTime(longest)}`,
          mend: `scorpiox db blocking; scorpiox db kill ${row.session}`,
        },
      ),
    ),
    measures: [less('sessions that wait for a lock', waiting)],
  };
}
