import { randomUUID } from 'node:crypto';
import { makeAppMethods } from '../app-methods.ts';
import type { AppRef } from '../control.ts';
import * as sql from './control-statements.ts';
import { number, optionalNumber, optionalText, type Row, text } from './statement.ts';
import { nameParameters, type Tools, unlessTaken } from './tools.ts';

/** Applications on a SQL Server. */
export function appMethods({ list, write, now }: Tools) {
  return makeAppMethods({
    async add(name) {
      const key = randomUUID();
      const more = { key: ['varchar(36)', key], now: ['bigint', now()] } as const;
      const row = await unlessTaken(write({ text: sql.ADD_APP, parameters: { ...nameParameters(name), ...more } }));
      return row && { name, key };
    },
    async find(name) {
      const { name_key } = nameParameters(name);
      const [row] = await list({ text: sql.FIND_APP, parameters: { name_key } });
      return row && { ...toFullRef(row), ...keyOf(row) };
    },
    async addKey({ name }) {
      const key = randomUUID();
      const { name_key } = nameParameters(name);
      const more = { key: ['varchar(36)', key], rate: ['int', 0], now: ['bigint', now()] } as const;
      await write({ text: sql.ADD_KEY, parameters: { name_key, ...more } });
      return key;
    },
    async list() {
      const rows = await list({ text: sql.LIST_APPS });
      return rows.map((row) => ({ ...toFullRef(row), createdAt: number(row, 'created_at'), ...keyOf(row) }));
    },
    async setRetention(name, days) {
      const { name_key } = nameParameters(name);
      const row = await write({ text: sql.SET_RETENTION, parameters: { name_key, days: ['int', days ?? 0] } });
      return row !== undefined;
    },
    async setApdex(name, milliseconds) {
      const { name_key } = nameParameters(name);
      const parameters = { name_key, milliseconds: ['int', milliseconds ?? 0] } as const;
      return (await write({ text: sql.SET_APDEX, parameters })) !== undefined;
    },
  });
}

function keyOf(row: Row): { readonly key?: string } {
  const key = optionalText(row, 'key');
  return key === undefined ? {} : { key };
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

/** The same with what only the application's own row tells. */
function toFullRef(row: Row): AppRef {
  const apdexMs = optionalNumber(row, 'apdex_ms');
  return { ...toRef(row), ...(apdexMs === undefined ? {} : { apdexMs }) };
}
