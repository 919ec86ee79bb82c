import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DatabaseLocation } from '../../src/config/index.ts';
import { type Console, type ConsoleOptions, openConsole, type Statement } from '../../src/database/console/index.ts';

/** Where a console is tried. Texts are ANSI but for the types of columns. */
export interface ConsoleFixture {
  readonly location: DatabaseLocation;
  readonly types: { readonly integer: string; readonly text: string; readonly bytes: string; readonly real: string };
  remove(): Promise<void>;
}

/** What every console does, whatever database is behind it. */
export function consoleContract(name: string, makeFixture: () => Promise<ConsoleFixture>): void {
  describe(`a console: ${name}`, () => {
    let fixture: ConsoleFixture;
    let told: string[];
    let db: Console;
    const opened: Console[] = [];

    async function open(options: Partial<ConsoleOptions> = {}): Promise<Console> {
      const tell = ({ text }: Statement) => told.push(text);
      const console = await openConsole(fixture.location, { tell, lockTimeoutMs: 200, ...options });
      if (!console.ok) throw console.error;
      opened.push(console.value);
      return console.value;
    }

    const run = (text: string, parameters: Statement['parameters'] = {}) => db.run({ text, parameters });
    const count = async () => (await run('SELECT count(*) AS n FROM thing')).sets[0]?.[0]?.n;
    const failure = (work: Promise<unknown>) =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );

    beforeEach(async () => {
      fixture = await makeFixture();
      told = [];
      db = await open({ create: true });
      const { integer, text, bytes, real } = fixture.types;
      await run(`CREATE TABLE thing (id ${integer} PRIMARY KEY, name ${text}, body ${bytes}, share ${real})`);
    });
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close();
      await fixture.remove();
    });

    const insert = (id: number | bigint, name: string | null = null) =>
      run('INSERT INTO thing (id, name) VALUES (@id, @name)', { id, name });

    test('values come back as they went in, integers beyond 2^53 too', async () => {
      const rows = [
        { id: 1, name: 'ä \u{1f980}', body: new Uint8Array([0, 255]), share: 0.5 },
        { id: 9007199254740993n, name: null, body: null, share: null },
      ];
      const text = 'INSERT INTO thing (id, name, body, share) VALUES (@id, @name, CAST(@body AS varbinary(8)), @share)';
      for (const row of rows) {
        const body = db.kind === 'sqlite' ? text.replace('CAST(@body AS varbinary(8))', '@body') : text;
        expect((await run(body, row)).affected).toBe(1);
      }
      const { sets } = await run('SELECT id, name, body, share FROM thing ORDER BY id');
      expect(
        sets[0]?.map((row) => ({ ...row, body: row.body === null ? null : [...(row.body as Uint8Array)] })),
      ).toEqual([{ ...rows[0], body: [0, 255] }, rows[1]]);
    });

    test('tells how many rows a statement changed, and none after one that changes none', async () => {
      await insert(1);
      await insert(2);
      expect((await run('UPDATE thing SET name = @name', { name: 'x' })).affected).toBe(2);
      expect((await run('DELETE FROM thing WHERE id = 7')).affected).toBe(0);
      expect((await run(`CREATE TABLE other (id ${fixture.types.integer})`)).affected).toBe(0);
    });

    test('each statement is told before it runs, and nothing of its parameters', async () => {
      await insert(1, 'secret');
      await failure(run('SELECT nothing FROM nowhere'));
      expect(told.slice(-2)).toEqual([
        'INSERT INTO thing (id, name) VALUES (@id, @name)',
        'SELECT nothing FROM nowhere',
      ]);
      expect(told.join()).not.toContain('secret');
    });

    test('a transaction is there as a whole or not at all', async () => {
      await db.transaction(async (within) => {
        await within({ text: 'INSERT INTO thing (id) VALUES (1)' });
        await within({ text: 'INSERT INTO thing (id) VALUES (2)' });
      });
      const thrown = new Error('no');
      const work = db.transaction(async (within) => {
        await within({ text: 'INSERT INTO thing (id) VALUES (3)' });
        throw thrown;
      });
      expect(await failure(work)).toBe(thrown);
      expect(await count()).toBe(2);
    });

    test('a statement by itself waits for the transaction that is under way', async () => {
      const first = db.transaction(async (within) => {
        await within({ text: 'INSERT INTO thing (id) VALUES (1)' });
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('undone');
      });
      const counted = count();
      await failure(first);
      expect(await counted).toBe(0);
    });

    test('a statement by itself within a transaction is a mistake, and does not wait for itself', async () => {
      const work = db.transaction(async () => count());
      expect(await failure(work)).toBeInstanceOf(TypeError);
      expect(await count()).toBe(0);
    });

    test('a duplicate, a missing table and a missing column are told apart', async () => {
      await insert(1);
      expect(await failure(insert(1))).toMatchObject({ code: 'duplicate' });
      expect(await failure(run('SELECT * FROM nowhere'))).toMatchObject({ code: 'no-such-object' });
      expect(await failure(run('SELECT missing FROM thing'))).toMatchObject({ code: 'no-such-object' });
      expect(await failure(run('SELEKT'))).toMatchObject({ code: 'refused' });
    });

    test('a lock that somebody else holds is waited for, and then told', async () => {
      await insert(1);
      const other = await open();
      await other.transaction(async (within) => {
        await within({ text: "UPDATE thing SET name = 'theirs'" });
        expect(await failure(db.transaction((mine) => mine({ text: "UPDATE thing SET name = 'mine'" })))).toMatchObject(
          {
            code: 'locked',
          },
        );
      });
      expect((await run('SELECT name FROM thing')).sets[0]).toEqual([{ name: 'theirs' }]);
    });

    test('rows are read one by one beside other statements, and reading may end early', async () => {
      await db.transaction(async (within) => {
        for (let id = 0; id < 2_000; id += 1)
          await within({ text: 'INSERT INTO thing (id) VALUES (@id)', parameters: { id } });
      });
      let sum = 0;
      for await (const row of db.rows({ text: 'SELECT id FROM thing ORDER BY id' })) {
        if (row.id === 1_000) await run('SELECT 1 AS one');
        sum += Number(row.id);
      }
      expect(sum).toBe(1_999_000);
      for await (const row of db.rows({
        text: 'SELECT id FROM thing WHERE id > @from ORDER BY id',
        parameters: { from: 5 },
      })) {
        expect(row).toEqual({ id: 6 });
        break;
      }
      const reading = (async () => {
        for await (const _ of db.rows({ text: 'SELECT * FROM nowhere' })) expect.fail('a row of nowhere');
      })();
      expect(await failure(reading)).toMatchObject({ code: 'no-such-object' });
      expect(await count()).toBe(2_000);
    });
  });
}
