// What the operator's console says to a SQL Server over the wire, by the real driver: against the API's peer, which runs no SQL.
import { parseDatabase } from '@scorpiox/shared/config';
import { type Console, openConsole, type Row, type Run } from '@scorpiox/shared/database/console';
import { expect, onTestFinished, test } from 'vitest';
import { Refused, TdsPeer } from '../../apps/insights-api/tests/tds/peer.ts';

type Backend = ConstructorParameters<typeof TdsPeer>[0];

/** A console on a peer that answers by the text, and notes what became of transactions. */
async function connected(answer: (text: string) => readonly Row[]) {
  const [transactions, asked]: [string[], { text: string; parameters: object }[]] = [[], []];
  const told: string[] = [];
  const respond: Backend['answer'] = ({ text, parameters = {} }) => {
    asked.push({
      text,
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, [, value]]) => [name, value])),
    });
    return [answer(text)];
  };
  const note = (what: string) => () => void transactions.push(what);
  const begin = async () => ({ answer: respond, commit: note('commit'), rollback: note('rollback') });
  const peer = new TdsPeer({ answer: respond, begin });
  await peer.listen();
  const location = parseDatabase(`mssql://sa:hidden@127.0.0.1:${peer.port}/insights?encrypt=false`, '/');
  if (!location.ok) throw new Error(location.error);
  const opened = await openConsole(location.value, { tell: ({ text }) => void told.push(text), lockTimeoutMs: 1_234 });
  if (!opened.ok) throw opened.error;
  onTestFinished(async () => {
    await opened.value.close();
    await peer.goAway();
  });
  return { db: opened.value, peer, transactions, asked, told };
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('each text begins with the lock time-out, and parameters come as they were given', async () => {
  const { db, asked, told } = await connected(() => [{ a: 'ä', n: 1.5, b: Buffer.from([1, 2]), nothing: null }]);
  const { sets } = await db.run({
    text: 'SELECT @i',
    parameters: { i: 5, s: 'ä \u{1f980}', n: null, b: new Uint8Array([1]) },
  });
  expect(sets).toEqual([[{ a: 'ä', n: 1.5, b: Buffer.from([1, 2]), nothing: null }]]);
  expect(asked).toMatchObject([{ text: 'SET LOCK_TIMEOUT 1234;\nSELECT @i', parameters: { i: 5, s: 'ä \u{1f980}' } }]);
  expect(told).toEqual(['SET LOCK_TIMEOUT 1234;', 'SELECT @i']);
});

test('a transaction is committed, or undone by whatever is thrown in it; errors have their meaning', async () => {
  const { db, transactions } = await connected((text) => {
    if (text.includes('bad')) throw new Refused(2601, 'Cannot insert duplicate key row');
    return [];
  });
  const two = (second: string) => async (run: Run) => {
    await run({ text: 'one' });
    await run({ text: second });
  };
  await db.transaction(two('good'));
  expect(await failure(db.transaction(two('bad')))).toMatchObject({ code: 'duplicate', number: 2601 });
  const mine = new Error('mine');
  expect(await failure(db.transaction(() => Promise.reject(mine)))).toBe(mine);
  expect(transactions).toEqual(['commit', 'rollback', 'rollback']);
});

test('a lost session is made anew at the next statement; a server that is gone is unavailable', async () => {
  const { db, peer } = await connected(() => [{ a: 'back' }]);
  peer.mishap = () => 'drop-before';
  expect(await failure(db.run({ text: 'gone' }))).toMatchObject({ code: 'lost' });
  peer.mishap = () => undefined;
  expect((await db.run({ text: 'again' })).sets).toEqual([[{ a: 'back' }]]);
  await peer.goAway();
  await failure(db.run({ text: 'away' }));
  expect(await failure(db.run({ text: 'away' }))).toMatchObject({ code: 'unavailable' });
});

test('rows come one by one beside other statements, and whoever stops reading leaves no session behind', async () => {
  const many = Array.from({ length: 3_000 }, (_, i) => ({ i, text: 'x'.repeat(100) }));
  const { db, peer } = await connected((text) => {
    if (text.includes('nowhere')) throw new Refused(208, "Invalid object name 'nowhere'.");
    return many;
  });
  let sum = 0;
  for await (const { i } of db.rows({ text: 'SELECT many' })) {
    if (i === 1_000) await db.run({ text: 'SELECT other' });
    sum += Number(i);
  }
  expect(sum).toBe((2_999 * 3_000) / 2);
  expect(await first(db, 'SELECT many')).toMatchObject({ i: 0 });
  expect(await failure(first(db, 'SELECT nowhere'))).toMatchObject({ code: 'no-such-object' });
  await db.close();
  await expect.poll(() => peer.sessions, { timeout: 20_000 }).toBe(0);
});

async function first(db: Console, text: string): Promise<Row | undefined> {
  for await (const row of db.rows({ text })) return row;
  return undefined;
}
