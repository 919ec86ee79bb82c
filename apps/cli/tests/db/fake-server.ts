import type { Console, Ran, Row, Statement } from '@scorpiox/shared/database/console';

/** What a statement gives: rows, a whole outcome, or an error that is thrown. By a piece of its text, the first that fits. */
export type Answers = readonly (readonly [
  piece: string | RegExp,
  answer: readonly Row[] | Ran | Error | (() => readonly Row[]),
])[];

export interface FakeServer extends Console {
  /** Every statement that was run, in order. */
  readonly ran: readonly Statement[];
}

/** A SQL Server that runs no SQL: it knows statements by their text and gives rows. What it does not know is a failure of the test. */
export function fakeServer(answers: Answers): FakeServer {
  const ran: Statement[] = [];
  const run = async (statement: Statement): Promise<Ran> => {
    ran.push(statement);
    const known = answers.find(([piece]) =>
      typeof piece === 'string' ? statement.text.includes(piece) : piece.test(statement.text),
    );
    if (known === undefined) throw new Error(`nobody answers ${statement.text}`);
    const answer = typeof known[1] === 'function' ? known[1]() : known[1];
    if (answer instanceof Error) throw answer;
    return 'sets' in answer ? answer : { sets: [answer], affected: 0, messages: [] };
  };
  return {
    kind: 'sqlserver',
    name: 'mssql://sa@macmini2012:1433/insights',
    ran,
    run,
    transaction: (work) => work(run),
    rows: async function* (statement) {
      yield* (await run(statement)).sets[0] ?? [];
    },
    close: async () => undefined,
  };
}
