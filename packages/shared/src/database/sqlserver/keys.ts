import { randomUUID } from 'node:crypto';
import { ok, type Result } from '../../result.ts';
import type { KeyGrant, KeyRecord, KeyRequest } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { checkName } from '../names.ts';
import { checkRateLimit, noSuchApp, noSuchKey, readKey } from '../settings.ts';
import { toRef } from './apps.ts';
import * as sql from './control-statements.ts';
import { number, optionalNumber, optionalText, type Row, type Statement, text } from './statement.ts';
import { nameParameters, type Tools } from './tools.ts';

type Parameters = NonNullable<Statement['parameters']>;

/** Ingest keys on a SQL Server. */
export function keyMethods({ list, write, now }: Tools) {
  /** A longer text would be cut to the parameter's length on its way, and could then be somebody's key. */
  const change = async (
    key: string,
    statement: string,
    parameters: Parameters,
  ): Promise<Result<void, DatabaseError>> => {
    const plain = readKey(key);
    if (plain === undefined) return noSuchKey();
    const row = await write({ text: statement, parameters: { key: ['varchar(36)', plain], ...parameters } });
    return row === undefined ? noSuchKey() : ok(undefined);
  };
  const add = async (key: string, { app, rateLimit = 0 }: KeyRequest, createdAt: number) => {
    const parameters = { key: ['varchar(36)', key], rate: ['int', rateLimit], now: ['bigint', createdAt] } as const;
    if (app === undefined) {
      await write({ text: sql.ADD_SHARED_KEY, parameters });
      return {};
    }
    const { name_key } = nameParameters(app);
    const row = checkName('application', app).ok
      ? await write({ text: sql.ADD_KEY, parameters: { name_key, ...parameters } })
      : undefined;
    return row && { app: text(row, 'name') };
  };
  return {
    async findKey(key: string): Promise<KeyGrant | undefined> {
      const plain = readKey(key);
      if (plain === undefined) return undefined;
      const [row] = await list({ text: sql.FIND_KEY, parameters: { key: ['varchar(36)', plain] } });
      return row && toGrant(row);
    },
    async addKey(request: KeyRequest): Promise<Result<KeyRecord, DatabaseError>> {
      const checked = checkRateLimit(request.rateLimit);
      if (!checked.ok) return checked;
      const [key, createdAt] = [randomUUID(), now()];
      const of = await add(key, request, createdAt);
      if (of === undefined) return noSuchApp(request.app ?? '');
      const { rateLimit } = request;
      return ok({ key, ...of, ...(rateLimit === undefined ? {} : { rateLimit }), createdAt });
    },
    async keys(): Promise<readonly KeyRecord[]> {
      return (await list({ text: sql.LIST_KEYS })).map(toRecord);
    },
    revokeKey: (key: string) => change(key, sql.REVOKE_KEY, { now: ['bigint', now()] }),
    async setRateLimit(key: string, rateLimit: number | undefined): Promise<Result<void, DatabaseError>> {
      const checked = checkRateLimit(rateLimit);
      return checked.ok ? change(key, sql.SET_RATE_LIMIT, { rate: ['int', rateLimit ?? 0] }) : checked;
    },
  };
}

function toGrant(row: Row): KeyGrant {
  const rateLimit = optionalNumber(row, 'rate_limit');
  return {
    ...(optionalNumber(row, 'id') === undefined ? {} : { app: toRef(row) }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
}

function toRecord(row: Row): KeyRecord {
  const [app, rateLimit] = [optionalText(row, 'app'), optionalNumber(row, 'rate_limit')];
  const revokedAt = optionalNumber(row, 'revoked_at');
  return {
    key: text(row, 'key'),
    ...(app === undefined ? {} : { app }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    createdAt: number(row, 'created_at'),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
}
