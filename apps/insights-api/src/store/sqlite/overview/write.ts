import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { drive } from '../../overview/drive.ts';
import type { OverviewChanges } from '../../overview/sums.ts';
import type { Row } from '../../overview/tables.ts';
import { type TableAt, type WriteStep, writeOverview } from '../../overview/write.ts';
import { tableName } from './table-name.ts';

interface Statements {
  readonly get: StatementSync;
  readonly put: StatementSync;
  readonly count: StatementSync;
}

function prepare(db: DatabaseSync, at: TableAt): Statements {
  const table = tableName(at);
  const keys = at.table.key.map(({ name }) => name);
  const values = at.table.values.map(({ name }) => name);
  const all = [...keys, ...values];
  return {
    get: db.prepare(`SELECT ${all.join(', ')} FROM ${table} WHERE ${keys.map((name) => `${name} = ?`).join(' AND ')}`),
    put: db.prepare(`INSERT INTO ${table} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})
      ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${values.map((name) => `${name} = excluded.${name}`).join(', ')}`),
    count: db.prepare(`SELECT count(*) AS rows FROM ${table} WHERE app_id = ?`),
  };
}

/** Makes the function that does one step of writing, inside the caller's transaction. */
export function makeWriteSteps(db: DatabaseSync, now: () => number): (step: WriteStep) => readonly Row[] {
  const statements = new Map<string, Statements>();
  const statementsOf = (at: TableAt): Statements => {
    const name = tableName(at);
    const found = statements.get(name) ?? prepare(db, at);
    statements.set(name, found);
    return found;
  };
  const addEnds = db.prepare('INSERT INTO call_ends (stored_at, ends) VALUES (?, ?)');
  return (step) => {
    if (step.do === 'ends') {
      addEnds.run(now(), step.ends);
      return [];
    }
    const found = statementsOf(step);
    if (step.do === 'count') return found.count.all(step.appId) as Row[];
    const keys = step.table.key.map(({ name }) => name);
    if (step.do === 'get') {
      return step.rows.flatMap((row) => {
        // STRICT tables of numbers, texts and bytes: that is what a Row holds.
        const there = found.get.get(...keys.map((name) => row[name] ?? null)) as Row | undefined;
        return there === undefined ? [] : [there];
      });
    }
    const columns = [...keys, ...step.table.values.map(({ name }) => name)];
    for (const row of step.rows) found.put.run(...columns.map((name) => row[name] ?? null));
    return [];
  };
}

/** Makes the function that adds a batch's changes, inside the caller's transaction. */
export function makeOverviewWriter(db: DatabaseSync): (changes: OverviewChanges) => void {
  const run = makeWriteSteps(db, Date.now);
  return (changes) => drive(writeOverview(changes), run);
}
