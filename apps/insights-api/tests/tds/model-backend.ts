import { createHash } from 'node:crypto';
import { secret } from '@scorpiox/shared/config';
import { type Row, SqlServerError, type SqlServerLocation, type Statement } from '@scorpiox/shared/database/sqlserver';
import { onTestFinished } from 'vitest';
import { MIGRATIONS } from '../../../../packages/shared/src/database/sqlserver/schema.ts';
import { ModelServer } from '../store/sqlserver/model.ts';
import { type Backend, Refused, TdsPeer } from './peer.ts';

export const SHOP = 2;
export const SHOP_KEY = '00000000-0000-4000-8000-000000000002';
export const VIEWER_TOKEN = 'sxt_viewer';

/** The numbers that a server gives such errors. */
const NUMBERS = { data: 2628, duplicate: 2601, transient: 1205, unavailable: 208 } as const;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The control side's statements: a database that has its schema, one key, one token. */
function answerControl({ text, parameters = {} }: Statement): Row[][] | undefined {
  const value = (name: string) => parameters[name]?.[1];
  if (text.includes("OBJECT_ID(N'dbo.scorpiox_migration', N'U') AS id")) return [[{ id: 1 }]];
  if (text.includes('MAX([version])')) return [[{ version: MIGRATIONS.length }]];
  if (text.includes('WHERE k.[key] = @key AND k.revoked_at IS NULL')) {
    const grant = { id: SHOP, name: 'shop', retention_days: null, rate_limit: null };
    return [value('key') === SHOP_KEY ? [grant] : []];
  }
  // No application has anything that is too old.
  if (text.includes('FROM dbo.scorpiox_app AS a ORDER BY a.name_key;')) return [[]];
  if (text.includes('FROM dbo.scorpiox_token WHERE')) {
    const given = value('hash');
    const known = Buffer.isBuffer(given) && given.equals(hashOf(VIEWER_TOKEN));
    return [known ? [{ user: 'viewer', role: 'viewer' }] : []];
  }
  return undefined;
}

function answering(answer: (statement: Statement) => Row[][]): (statement: Statement) => Row[][] {
  return (statement) => {
    try {
      return answerControl(statement) ?? answer(statement);
    } catch (error) {
      if (error instanceof SqlServerError) throw new Refused(NUMBERS[error.kind], error.message);
      throw error;
    }
  };
}

const backendOf = (model: ModelServer): Backend => ({
  answer: answering((statement) => model.answer(statement)),
  async begin() {
    const transaction = await model.begin();
    return { ...transaction, answer: answering((statement) => transaction.answer(statement)) };
  },
});

export interface ModelPeer {
  readonly model: ModelServer;
  readonly peer: TdsPeer;
  readonly location: SqlServerLocation;
  /** The same as `insights.database`. */
  readonly url: string;
}

/** A peer that answers as the model does; it is gone when the test is. */
export async function startModelPeer(): Promise<ModelPeer> {
  const model = new ModelServer();
  const peer = new TdsPeer(backendOf(model));
  await peer.listen();
  onTestFinished(() => peer.goAway());
  const { port } = peer;
  return {
    model,
    peer,
    location: {
      kind: 'mssql',
      host: '127.0.0.1',
      port,
      database: 'insights',
      user: 'sa',
      password: secret('password'),
      encrypt: false,
      trustServerCertificate: true,
    },
    url: `mssql://sa:password@127.0.0.1:${port}/insights?encrypt=false`,
  };
}
