/** Plans the end of a session of a SQL Server, and tells what that costs. */
import type { Console, Row } from '@scorpiox/shared/database/console';
import { ConsoleError } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Actions } from '../../plan/action.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { endSession } from '../actions/end-session.ts';
import { list, number, optionalText, text } from '../dialect/rows.ts';
import { readSessions } from '../sessions/read.ts';
import type { Session } from '../sessions/session.ts';
import { killStatus, listTransactions } from '../sessions/statements.ts';

/** What a transaction has open in a database, which is rolled back. */
interface OpenTransaction {
  readonly database: string;
  /** The server's own time, ISO 8601 without a zone. */
  readonly begun: string;
  readonly logBytes: number;
  readonly logRecords: number;
}

export interface Ending {
  readonly plan: Plan;
  readonly session: Session;
  readonly transactions: readonly OpenTransaction[];
}

/** Errors: SQLite, which has no sessions; none of this number; this tool's own; one of the system. */
export async function planKill(db: Console, actions: Actions, session: number): Promise<Result<Ending, Failure>> {
  if (db.kind === 'sqlite') {
    return refuse(
      `${db.name} has no sessions: end the program that has the file open. \`scorpiox db top\` shows which.`,
    );
  }
  const found = (await readSessions(db)).find(({ id }) => id === session);
  if (found === undefined) {
    return refuse(`${db.name} has no session ${session} of a user; those of the system are not ended.`);
  }
  if (found.isOwn) return refuse(`${session} is the session of this command itself.`);
  const transactions = (await list(db, listTransactions(session))).map(toTransaction);
  const planner = new Planner(actions);
  const who = `${found.login}${found.program === undefined ? '' : ` (${found.program})`}`;
  await planner.add(`End session ${session} of ${who}.`, endSession.of({ database: db.name, session }));
  return ok({
    plan: { title: 'db kill', steps: planner.steps, confirm: String(session) },
    session: found,
    transactions,
  });
}

const refuse = (message: string): Result<never, Failure> => err({ kind: 'refused', message });

const toTransaction = (row: Row): OpenTransaction => ({
  database: optionalText(row, 'database_name') ?? 'the server',
  begun: text(row, 'begun'),
  logBytes: number(row, 'log_bytes'),
  logRecords: number(row, 'log_records'),
});

/** How far the rollback of a session that was ended is, in the server's words; undefined once it is gone. */
export async function rollbackState(db: Console, session: number): Promise<string | undefined> {
  const isThere = (await readSessions(db)).some(({ id }) => id === session);
  if (!isThere) return undefined;
  try {
    return (await db.run(killStatus(session))).messages.join(' ');
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'refused') return undefined; // it is over by now
    throw error;
  }
}
