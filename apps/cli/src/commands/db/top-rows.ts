/** Who is at work in a database, as it is shown: whole for programs, short for people. Pure. */
import type { Holder } from '../../ops/db/holders/holders.ts';
import type { Session } from '../../ops/db/sessions/session.ts';
import { tellTime } from '../../output/amounts.ts';
import type { Fields } from '../../output/fields.ts';
import type { Paint } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { count } from '../count.ts';

export const TOP_SHAPE =
  '{session, isOwn, login, host, program, database, status, command, elapsedMs, cpuMs, logicalReads, waitType, waitMs, blockedBy, openTransactions, quietMs, statement}';

/** Who is at work: the sessions of a server, or the processes that have a file open. */
export type AtWork =
  | { readonly kind: 'sqlserver'; readonly sessions: readonly Session[] }
  | { readonly kind: 'sqlite'; readonly holders: readonly Holder[] };

/** First what runs, the longest first; then what sleeps with a transaction open; then the rest. */
const busiestFirst = (sessions: readonly Session[]): readonly Session[] =>
  sessions.toSorted(
    (a, b) =>
      (b.request?.elapsedMs ?? -1) - (a.request?.elapsedMs ?? -1) ||
      b.openTransactions - a.openTransactions ||
      a.id - b.id,
  );

export function topFields(work: AtWork): readonly Fields[] {
  if (work.kind === 'sqlite') return work.holders.map((holder) => ({ ...holder }));
  return busiestFirst(work.sessions).map(({ id, isOwn, login, host, program, database, status, request, ...rest }) => ({
    ...{ session: id, isOwn, login, host: host ?? null, program: program ?? null, database: database ?? null, status },
    command: request?.command ?? null,
    elapsedMs: request?.elapsedMs ?? null,
    cpuMs: request?.cpuMs ?? null,
    logicalReads: request?.logicalReads ?? null,
    waitType: request?.wait?.type ?? null,
    waitMs: request?.wait?.ms ?? null,
    blockedBy: request?.blockedBy ?? null,
    openTransactions: rest.openTransactions,
    quietMs: rest.quietMs ?? null,
    statement: rest.statement ?? null,
  }));
}

/** Characters of a statement in a table: what fits a wide terminal. */
const STATEMENT_SHOWN = 80;

function row({
  id,
  isOwn,
  login,
  program,
  database,
  status,
  request,
  statement = '',
  openTransactions,
}: Session): Fields {
  const line = statement.replace(/\s+/g, ' ');
  return {
    ID: id,
    PROGRAM: isOwn ? `${program ?? ''} (this)` : (program ?? ''),
    LOGIN: login,
    DATABASE: database ?? '',
    DOES: request === undefined ? status : `${request.command} ${tellTime(request.elapsedMs)}`,
    WAIT: request?.wait === undefined ? '-' : `${request.wait.type} ${tellTime(request.wait.ms)}`,
    BLOCKED: request?.blockedBy === undefined ? '-' : `by ${request.blockedBy}`,
    CPU: request === undefined ? '-' : `${request.cpuMs.toLocaleString('en')} ms`,
    READS: request === undefined ? '-' : request.logicalReads.toLocaleString('en'),
    OPEN: openTransactions,
    STATEMENT: line.length > STATEMENT_SHOWN ? `${line.slice(0, STATEMENT_SHOWN - 1)}…` : line,
  };
}

/** The table's lines, headings first; what is blocked stands out. */
export function topLines(work: AtWork, paint: Paint): readonly string[] {
  const sessions = work.kind === 'sqlserver' ? busiestFirst(work.sessions) : [];
  const [heading, ...lines] = table(work.kind === 'sqlserver' ? sessions.map(row) : topFields(work))
    .trimEnd()
    .split('\n');
  if (heading === undefined || heading === '') return [];
  const styled = lines.map((line, at) => (sessions[at]?.request?.blockedBy === undefined ? line : paint('red', line)));
  return [paint('bold', heading), ...styled];
}

/** `81 sessions, 40 at work, 30 blocked`. */
export function topSummary(work: AtWork): string {
  if (work.kind === 'sqlite') {
    const writing = work.holders.filter(({ writes }) => writes).length;
    const reading = work.holders.filter(({ reads }) => reads).length;
    const many = work.holders.length === 1 ? '1 other process has' : `${work.holders.length} other processes have`;
    return `${many} the file open, ${reading} reading, ${writing} writing`;
  }
  const requests = work.sessions.filter(({ isOwn }) => !isOwn).flatMap(({ request }) => request ?? []);
  const blocked = requests.filter(({ blockedBy }) => blockedBy !== undefined).length;
  return `${count(work.sessions.length, 'session')}, ${requests.length} at work, ${blocked} blocked`;
}
