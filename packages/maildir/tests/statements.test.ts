// What the index asks SQLite for, by SQLite's own account of how it goes about it.
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Connection } from '../src/index/connection.ts';
import { MailIndex } from '../src/index/index.ts';
import { newHome } from './helpers.ts';

/** Every statement of an index, and the instructions that it is made of. */
function programs(): { readonly sql: string; readonly steps: readonly Record<string, unknown>[] }[] {
  const file = `${newHome().maildir}-statements`;
  closeSync(openSync(file, 'w'));
  const db = new Connection(file);
  const texts: string[] = [];
  const prepare = (sql: string) => {
    texts.push(sql);
    return db.prepare(sql);
  };
  new MailIndex(Object.assign(Object.create(db), { prepare }));
  const found = texts.map((sql) => ({ sql, steps: db.prepare(`EXPLAIN ${sql}`).all() }));
  db.close();
  return found;
}

test('what changed is looked for from where the caller stands, not through all that ever changed', () => {
  const found = programs().filter(({ sql }) => sql.includes('INDEXED BY messages_modseq'));
  expect(found.length).toBeGreaterThan(1);
  for (const { sql, steps } of found) {
    const seeks = steps.filter(({ opcode }) => opcode === 'SeekGT' || opcode === 'SeekGE');
    expect(seeks.length, sql).toBeGreaterThan(0);
    // A seek's key stands in `p4` registers from `p3` on.
    const keys = seeks.flatMap(({ p3, p4 }) => Array.from({ length: Number(p4) }, (_, at) => Number(p3) + at));
    const constant = steps.filter(({ opcode, p2 }) => opcode === 'Integer' && keys.includes(Number(p2)));
    expect(constant, sql).toEqual([]);
  }
});

test('no statement is planned anew for each limit that it is given', () => {
  expect(programs().filter(({ sql }) => /LIMIT \?/.test(sql))).toEqual([]);
});
