import * as sql from '../../../src/database/sqlserver/alert-statements.ts';
import type { Row, Sessions, Statement } from '../../../src/database/sqlserver/index.ts';

type Cells = Record<string, string | number | null>;

interface Tables {
  readonly rules: Map<string, Cells>;
  readonly states: Map<string, Cells>;
  readonly history: Map<string, Cells>;
  readonly deliveries: Map<string, Cells>;
  readonly lease: { holder: string; expiresAt: number };
}

type Parameters = Readonly<Record<string, string | number>>;

/** Rows as the driver gives them: bigint as text. */
const toRow = (cells: Cells): Row =>
  Object.fromEntries(
    Object.entries(cells).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
  );

const byTime = (a: Cells, b: Cells) => Number(a.at) - Number(b.at) || String(a.id).localeCompare(String(b.id));
const all = (rows: Map<string, Cells>) =>
  [...rows.values()].toSorted((a, b) => String(a.id).localeCompare(String(b.id)));

/** What each statement is meant to do, in memory. It runs no SQL and proves nothing about any. */
const MEANING: Readonly<Record<string, (tables: Tables, given: Parameters) => readonly Cells[]>> = {
  [sql.LIST_RULES]: ({ rules }) => all(rules),
  [sql.PUT_RULE]: ({ rules }, { id = '', at = 0, body = '' }) => {
    rules.set(String(id), { id, at, body });
    return [];
  },
  [sql.REMOVE_RULE]({ rules, states }, { id }) {
    for (const key of states.keys()) if (key === id || key.startsWith(`${id} `)) states.delete(key);
    return rules.delete(String(id)) ? [{ id: String(id) }] : [];
  },
  [sql.LIST_STATES]: ({ states }) => all(states),
  [sql.TAKE_LEASE]({ lease }, { holder, until, now }) {
    if (lease.holder !== holder && lease.expiresAt > Number(now)) return [];
    Object.assign(lease, { holder, expiresAt: Number(until) });
    return [{ holder: String(holder) }];
  },
  [sql.DROP_LEASE]({ lease }, { holder }) {
    if (lease.holder === holder) Object.assign(lease, { holder: '', expiresAt: 0 });
    return [];
  },
  [sql.HOLD_LEASE]: ({ lease }, { holder, now }) =>
    lease.holder === holder && lease.expiresAt > Number(now) ? [{ holder: String(holder) }] : [],
  [sql.PUT_STATE]: ({ states }, { id = '', body = '' }) => {
    states.set(String(id), { id, body });
    return [];
  },
  [sql.REMOVE_STATE]: ({ states }, { id }) => {
    states.delete(String(id));
    return [];
  },
  [sql.ADD_HISTORY]: ({ history }, { id = '', at = 0, body = '' }) => {
    const key = `${at} ${id}`;
    if (!history.has(key)) history.set(key, { id, at, body });
    return [];
  },
  [sql.PUT_DELIVERY]: ({ deliveries }, { id = '', at = 0, due, body = '' }) => {
    const there = deliveries.get(String(id));
    deliveries.set(String(id), { id, at: there?.at ?? at, due_at: due === 0 ? null : Number(due), body });
    return [];
  },
  [sql.LIST_HISTORY]: ({ history }, { at = 0, id = '', limit }) =>
    [...history.values()]
      .filter((row) => byTime(row, { at, id }) < 0)
      .toSorted((a, b) => byTime(b, a))
      .slice(0, Number(limit)),
  [sql.LIST_DELIVERIES]: ({ deliveries }, { limit }) =>
    [...deliveries.values()].toSorted((a, b) => byTime(b, a)).slice(0, Number(limit)),
  [sql.LIST_DUE_DELIVERIES]: ({ deliveries }, { now, limit }) =>
    [...deliveries.values()]
      .filter(({ due_at }) => due_at !== null && Number(due_at) <= Number(now))
      .toSorted((a, b) => Number(a.due_at) - Number(b.due_at))
      .slice(0, Number(limit)),
  [sql.FORGET_HISTORY]: ({ history }, { at }) => {
    for (const [key, row] of history) if (Number(row.at) < Number(at)) history.delete(key);
    return [];
  },
  [sql.FORGET_DELIVERIES]: ({ deliveries }, { at }) => {
    for (const [key, row] of deliveries) if (Number(row.at) < Number(at) && row.due_at === null) deliveries.delete(key);
    return [];
  },
};

/** Sessions with a server that knows the statements of alerts, for the adapter's own logic. */
export function alertModel(): Sessions {
  let tables: Tables = {
    rules: new Map(),
    states: new Map(),
    history: new Map(),
    deliveries: new Map(),
    lease: { holder: '', expiresAt: 0 },
  };
  const answer = (into: Tables, { text, parameters = {} }: Statement): Row[][] => {
    const meaning = MEANING[text];
    if (meaning === undefined) throw new Error(`not a statement of alerts: ${text}`);
    // Every parameter of these statements is a text or a number.
    const given = Object.fromEntries(
      Object.entries(parameters).map(([name, [, value]]) => [name, value]),
    ) as Parameters;
    return [meaning(into, given).map(toRow)];
  };
  return {
    run: async (statement) => answer(tables, statement),
    async transaction(work) {
      const copy = structuredClone(tables);
      const value = await work(async (statement) => answer(copy, statement));
      tables = copy;
      return value;
    },
    close: async () => {},
  };
}
