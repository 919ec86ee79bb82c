import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AlertEntry, AlertTables } from '../../src/database/index.ts';

/** Empty tables of any kind. */
export interface AlertFixture {
  /** Another connection to them, with a clock of its own. */
  open(now: () => number): Promise<AlertTables>;
  close(): Promise<void>;
}

const NOTHING = { states: [], history: [], deliveries: [] };
const entry = (id: string, at: number): AlertEntry => ({ id, at, body: `{"n":"${id}"}` });

/** What the tables of alerts do on every database; `make` gives fresh ones. `skip`: why it cannot run here. */
export function alertContract(name: string, make: () => Promise<AlertFixture>, skip?: string): void {
  const title = `${name} keeps the contract of alerts`;
  describe.skipIf(skip !== undefined)(skip === undefined ? title : `${title} (${skip})`, () => {
    let fixture: AlertFixture;
    let now: number;
    let tables: AlertTables;
    beforeEach(async () => {
      fixture = await make();
      now = 1_000_000;
      tables = await fixture.open(() => now);
    });
    afterEach(() => fixture.close());

    test('rules are put, changed and removed, a rule with its states', async () => {
      const [one, two] = ['rule-1', 'rule-2'];
      await tables.putRule({ id: two, at: 5, body: '"b"' });
      await tables.putRule({ id: one, at: 5, body: '"a"' });
      await tables.putRule({ id: one, at: 6, body: '"ä€😀"' });
      expect(await tables.rules()).toEqual([
        { id: one, at: 6, body: '"ä€😀"' },
        { id: two, at: 5, body: '"b"' },
      ]);
      const states = [one, `${one} 0a`, two].map((id) => ({ id, body: '{}' }));
      await tables.commit({ ...NOTHING, states });
      expect(await tables.removeRule(one)).toBe(true);
      expect(await tables.removeRule(one)).toBe(false);
      expect(await tables.rules()).toMatchObject([{ id: two }]);
      expect(await tables.states()).toEqual([{ id: two, body: '{}' }]);
    });

    test('of several that want the lease one has it, until it ends, is dropped, or is kept by being taken again', async () => {
      const other = await fixture.open(() => now);
      expect(await tables.takeLease('a', 1000)).toBe(true);
      expect(await other.takeLease('b', 1000)).toBe(false);
      now += 999;
      expect(await other.takeLease('b', 1000)).toBe(false);
      expect(await tables.takeLease('a', 1000)).toBe(true);
      now += 1000;
      expect(await other.takeLease('b', 1000)).toBe(true);
      expect(await tables.takeLease('a', 1000)).toBe(false);
      await tables.dropLease('a');
      expect(await tables.takeLease('a', 1000)).toBe(false);
      await other.dropLease('b');
      expect(await tables.takeLease('a', 1000)).toBe(true);
    });

    test('who has lost the lease changes nothing, who has it everything at once', async () => {
      const other = await fixture.open(() => now);
      await tables.takeLease('a', 1000);
      now += 1000;
      const change = {
        holder: 'a',
        states: [{ id: 'r', body: '1' }],
        history: [entry('h', now)],
        deliveries: [{ ...entry('d', now), dueAt: now }],
      };
      expect(await tables.commit(change)).toBe(false);
      expect([await tables.states(), await tables.history(10), await tables.deliveries(10)]).toEqual([[], [], []]);
      await other.takeLease('b', 1000);
      expect(await tables.commit(change)).toBe(false);
      expect(await tables.commit({ ...change, holder: 'b' })).toBe(true);
      expect(await tables.states()).toEqual([{ id: 'r', body: '1' }]);
      expect(await tables.history(10)).toEqual([entry('h', now)]);
      expect(await tables.deliveries(10)).toEqual([{ ...entry('d', now), dueAt: now }]);
    });

    test('states are replaced and removed, and what happened twice is there once', async () => {
      await tables.commit({
        ...NOTHING,
        states: [
          { id: 'r', body: '1' },
          { id: 's', body: '1' },
        ],
        history: [entry('h', 5)],
      });
      await tables.commit({
        ...NOTHING,
        states: [{ id: 'r', body: '2' }, { id: 's' }, { id: 't' }],
        history: [entry('h', 5)],
      });
      expect(await tables.states()).toEqual([{ id: 'r', body: '2' }]);
      expect(await tables.history(10)).toHaveLength(1);
    });

    test('history is newest first and goes on where it was left, also within a moment', async () => {
      const entries = [entry('a', 1), entry('b', 2), entry('c', 2), entry('d', 2), entry('e', 3)];
      await tables.commit({ ...NOTHING, history: entries });
      const first = await tables.history(2);
      expect(first.map(({ id }) => id)).toEqual(['e', 'd']);
      const next = await tables.history(2, first.at(-1));
      expect(next.map(({ id }) => id)).toEqual(['c', 'b']);
      expect((await tables.history(2, next.at(-1))).map(({ id }) => id)).toEqual(['a']);
    });

    test('messages are due when their time has come, until they are done', async () => {
      const delivery = (id: string, dueAt?: number) => ({
        ...entry(id, now),
        ...(dueAt === undefined ? {} : { dueAt }),
      });
      await tables.commit({
        ...NOTHING,
        deliveries: [delivery('a', now + 10), delivery('b', now), delivery('c', now - 5)],
      });
      expect((await tables.dueDeliveries(10)).map(({ id }) => id)).toEqual(['c', 'b']);
      expect(await tables.dueDeliveries(1)).toHaveLength(1);
      await tables.commit({ ...NOTHING, deliveries: [{ ...delivery('c'), body: '"done"' }, delivery('b', now + 20)] });
      now += 10;
      expect((await tables.dueDeliveries(10)).map(({ id }) => id)).toEqual(['a']);
      expect((await tables.deliveries(10)).find(({ id }) => id === 'c')).toEqual({
        id: 'c',
        at: 1_000_000,
        body: '"done"',
      });
    });

    test('what is old is forgotten, but not a message that still waits', async () => {
      await tables.commit({
        ...NOTHING,
        history: [entry('a', 1), entry('b', 10)],
        deliveries: [entry('done', 1), { ...entry('waits', 1), dueAt: 5 }, entry('new', 10)],
      });
      await tables.forget({ history: 10, deliveries: 10 });
      expect((await tables.history(10)).map(({ id }) => id)).toEqual(['b']);
      expect((await tables.deliveries(10)).map(({ id }) => id)).toEqual(['new', 'waits']);
    });
  });
}
