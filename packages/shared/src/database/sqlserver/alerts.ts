import type { AlertChange, AlertCursor, AlertDelivery, AlertEntry, AlertTables } from '../alert-tables.ts';
import * as sql from './alert-statements.ts';
import { number, optionalNumber, type Row, type Run, text } from './statement.ts';
import type { Tools } from './tools.ts';

const idParameter = (id: string) => ({ id: ['varchar(64)', id] }) as const;
const holderParameter = (holder: string) => ({ holder: ['varchar(64)', holder] }) as const;
const bigint = (value: number) => ['bigint', value] as const;
const json = (body: string) => ['nvarchar(max)', body] as const;
const int = (value: number) => ['int', value] as const;

/** The tables of alerts on a SQL Server. */
export function alertTables({ list, write, transaction, now }: Tools): AlertTables {
  return {
    rules: async () => (await list({ text: sql.LIST_RULES })).map(toEntry),
    async putRule({ id, at, body }) {
      await write({ text: sql.PUT_RULE, parameters: { ...idParameter(id), at: bigint(at), body: json(body) } });
    },
    removeRule: async (id) => (await write({ text: sql.REMOVE_RULE, parameters: idParameter(id) })) !== undefined,
    states: async () =>
      (await list({ text: sql.LIST_STATES })).map((row) => ({ id: text(row, 'id'), body: text(row, 'body') })),
    async takeLease(holder, ttlMs) {
      const moments = { now: bigint(now()), until: bigint(now() + ttlMs) };
      const parameters = { ...holderParameter(holder), ...moments };
      return (await write({ text: sql.TAKE_LEASE, parameters })) !== undefined;
    },
    async dropLease(holder) {
      await write({ text: sql.DROP_LEASE, parameters: holderParameter(holder) });
    },
    commit: ({ holder, ...change }) =>
      transaction(async (run) => {
        if (holder !== undefined && !(await holds(run, holder, now()))) return false;
        await writeChange(run, change);
        return true;
      }),
    async history(limit, before: AlertCursor = { at: Number.MAX_SAFE_INTEGER, id: '' }) {
      const parameters = { ...idParameter(before.id), at: bigint(before.at), limit: int(limit) };
      return (await list({ text: sql.LIST_HISTORY, parameters })).map(toEntry);
    },
    deliveries: async (limit) =>
      (await list({ text: sql.LIST_DELIVERIES, parameters: { limit: int(limit) } })).map(toDelivery),
    async dueDeliveries(limit) {
      const parameters = { limit: int(limit), now: bigint(now()) };
      return (await list({ text: sql.LIST_DUE_DELIVERIES, parameters })).map(toDelivery);
    },
    async forget({ history, deliveries }) {
      await write({ text: sql.FORGET_HISTORY, parameters: { at: bigint(history) } });
      await write({ text: sql.FORGET_DELIVERIES, parameters: { at: bigint(deliveries) } });
    },
  };
}

async function holds(run: Run, holder: string, now: number): Promise<boolean> {
  const parameters = { ...holderParameter(holder), now: bigint(now) };
  const [rows = []] = await run({ text: sql.HOLD_LEASE, parameters });
  return rows.length > 0;
}

async function writeChange(run: Run, { states, history, deliveries }: Omit<AlertChange, 'holder'>): Promise<void> {
  for (const { id, body } of states) {
    if (body === undefined) await run({ text: sql.REMOVE_STATE, parameters: idParameter(id) });
    else await run({ text: sql.PUT_STATE, parameters: { ...idParameter(id), body: json(body) } });
  }
  for (const { at, id, body } of history) {
    await run({ text: sql.ADD_HISTORY, parameters: { ...idParameter(id), at: bigint(at), body: json(body) } });
  }
  for (const { id, at, dueAt = 0, body } of deliveries) {
    const parameters = { ...idParameter(id), at: bigint(at), due: bigint(dueAt), body: json(body) };
    await run({ text: sql.PUT_DELIVERY, parameters });
  }
}

const toEntry = (row: Row): AlertEntry => ({ id: text(row, 'id'), at: number(row, 'at'), body: text(row, 'body') });

function toDelivery(row: Row): AlertDelivery {
  const dueAt = optionalNumber(row, 'due_at');
  return { ...toEntry(row), ...(dueAt === undefined ? {} : { dueAt }) };
}
