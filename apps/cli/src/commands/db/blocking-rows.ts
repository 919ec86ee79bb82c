/** The blocking chain as it is shown. Pure. */
import type { Blocked } from '../../ops/db/sessions/chain.ts';
import type { Session } from '../../ops/db/sessions/session.ts';
import { tellTime } from '../../output/amounts.ts';
import type { Fields } from '../../output/fields.ts';
import { visibleLine } from '../../output/visible.ts';

export const BLOCKING_SHAPE =
  '{session, blockedBy, depth, login, host, program, database, status, openTransactions, waitType, waitMs, waitResource, elapsedMs, quietMs, statement}';

/** Depth first, each with the session that it waits for. */
export function blockingFields(
  trees: readonly Blocked[],
  depth = 0,
  blockedBy: number | null = null,
): readonly Fields[] {
  return trees.flatMap(({ session, waiting }) => [
    fieldsOf(session, depth, blockedBy),
    ...blockingFields(waiting, depth + 1, session.id),
  ]);
}

function fieldsOf(session: Session, depth: number, blockedBy: number | null): Fields {
  const { request } = session;
  return {
    session: session.id,
    blockedBy,
    depth,
    login: session.login,
    host: session.host ?? null,
    program: session.program ?? null,
    database: session.database ?? null,
    status: session.status,
    openTransactions: session.openTransactions,
    waitType: request?.wait?.type ?? null,
    waitMs: request?.wait?.ms ?? null,
    waitResource: request?.wait?.resource ?? null,
    elapsedMs: request?.elapsedMs ?? null,
    quietMs: session.quietMs ?? null,
    statement: session.statement ?? null,
  };
}

/** Characters of a statement in a line of the tree. */
const STATEMENT_SHOWN = 100;

/** `57 shop (sa), 1 transaction open, has run nothing for 3 min` with those that wait below it. */
export function blockingLines(trees: readonly Blocked[], indent = ''): readonly string[] {
  return trees.flatMap(({ session, waiting }) => [
    `${indent}${sentence(session)}`,
    `${indent}    ${oneLine(session.statement)}`,
    ...blockingLines(waiting, `${indent}  `),
  ]);
}

function sentence({ id, login, program, openTransactions, quietMs, request }: Session): string {
  const who = `${id} ${program ?? login}${program === undefined ? '' : ` (${login})`}`;
  const open = openTransactions > 0 ? [`${openTransactions} transaction${openTransactions === 1 ? '' : 's'} open`] : [];
  const quiet = quietMs === undefined ? [] : [`has run nothing for ${tellTime(quietMs)}`];
  const runs = request === undefined ? quiet : [`${request.command} for ${tellTime(request.elapsedMs)}`];
  const wait = request?.wait;
  const waits =
    wait === undefined ? [] : [`waits ${tellTime(wait.ms)} for ${wait.type} ${wait.resource ?? ''}`.trimEnd()];
  return visibleLine([who, ...runs, ...open, ...waits].join(', '));
}

function oneLine(statement = ''): string {
  const line = visibleLine(statement.replace(/\s+/g, ' ').trim());
  return line.length > STATEMENT_SHOWN ? `${line.slice(0, STATEMENT_SHOWN - 1)}…` : line;
}
