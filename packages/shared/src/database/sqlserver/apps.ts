import { randomUUID } from 'node:crypto';
import { err, ok, type Result } from '../../result.ts';
import type { AppKey, AppRecord, AppRef } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { checkName } from '../names.ts';
import { checkRetention, noSuchApp } from '../settings.ts';
import * as sql from './control-statements.ts';
import { number, optionalNumber, optionalText, type Row, text } from './statement.ts';
import { nameParameters, type Tools, unlessTaken } from './tools.ts';

/** Applications on a SQL Server. */
export function appMethods({ list, write, now }: Tools) {
  /** Undefined when the name is taken. */
  const add = async (name: string): Promise<AppKey | undefined> => {
    const key = randomUUID();
    const more = { key: ['varchar(36)', key], now: ['bigint', now()] } as const;
    const row = await unlessTaken(write({ text: sql.ADD_APP, parameters: { ...nameParameters(name), ...more } }));
    return row && { name, key };
  };
  const find = async (name: string): Promise<Row | undefined> => {
    const { name_key } = nameParameters(name);
    return (await list({ text: sql.FIND_APP, parameters: { name_key } }))[0];
  };
  const addKeyTo = async (name: string): Promise<string> => {
    const key = randomUUID();
    const { name_key } = nameParameters(name);
    const more = { key: ['varchar(36)', key], rate: ['int', 0], now: ['bigint', now()] } as const;
    await write({ text: sql.ADD_KEY, parameters: { name_key, ...more } });
    return key;
  };
  return {
    async addApp(name: string): Promise<Result<AppKey, DatabaseError>> {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const added = await add(name);
      return added ? ok(added) : err({ code: 'exists', message: `There is an application named ${name} already.` });
    },
    async ensureApp(name: string): Promise<Result<AppKey, DatabaseError>> {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const before = await find(name);
      const added = before === undefined ? await add(name) : undefined;
      if (added !== undefined) return ok(added);
      // Applications are never removed, so one whose name was taken a moment ago is found now.
      const there = before ?? (await find(name));
      if (there === undefined) throw new Error(`application ${name} vanished`);
      return ok({ name: text(there, 'name'), key: optionalText(there, 'key') ?? (await addKeyTo(name)) });
    },
    async apps(): Promise<readonly AppRecord[]> {
      return (await list({ text: sql.LIST_APPS })).map(toAppRecord);
    },
    async findApp(name: string): Promise<AppRef | undefined> {
      if (!checkName('application', name).ok) return undefined;
      const row = await find(name);
      return row && toRef(row);
    },
    async setRetention(name: string, days: number | undefined): Promise<Result<void, DatabaseError>> {
      const checked = checkRetention(days);
      if (!checked.ok) return checked;
      if (!checkName('application', name).ok) return noSuchApp(name);
      const { name_key } = nameParameters(name);
      const row = await write({ text: sql.SET_RETENTION, parameters: { name_key, days: ['int', days ?? 0] } });
      return row === undefined ? noSuchApp(name) : ok(undefined);
    },
  };
}

/** An application as the columns `id`, `name` and `retention_days` tell of it. */
export function toRef(row: Row): AppRef {
  const retentionDays = optionalNumber(row, 'retention_days');
  return {
    id: number(row, 'id'),
    name: text(row, 'name'),
    ...(retentionDays === undefined ? {} : { retentionDays }),
  };
}

function toAppRecord(row: Row): AppRecord {
  const key = optionalText(row, 'key');
  return { ...toRef(row), createdAt: number(row, 'created_at'), ...(key === undefined ? {} : { key }) };
}
