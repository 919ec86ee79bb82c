import { createHash } from 'node:crypto';
import { secret } from '@scorpiox/shared/config';
import { type Row, SqlServerError, type SqlServerLocation, type Statement } from '@scorpiox/shared/database/sqlserver';
import { onTestFinished } from 'vitest';
import { TAKE_LOCK } from '../../../../packages/shared/src/database/sqlserver/lock.ts';
import {
  CREATE_MIGRATIONS,
  FIND_MIGRATIONS,
  NOTE_MIGRATION,
  READ_VERSION,
} from '../../../../packages/shared/src/database/sqlserver/migrate.ts';
import { MIGRATIONS } from '../../../../packages/shared/src/database/sqlserver/schema.ts';
import { ModelServer } from '../store/sqlserver/model.ts';
import { type Backend, Refused, TdsPeer } from './peer.ts';

export const SHOP = 2;
export const SHOP_KEY = '00000000-0000-4000-8000-000000000002';
export const VIEWER_TOKEN = 'sxt_viewer';

/** The numbers that a server gives such errors. */
const NUMBERS = { data: 2628, duplicate: 2601, transient: 1205, unavailable: 208 } as const;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The version that the database is at, and whether another process migrates it. */
interface Schema {
  version: number;
  locked: boolean;
}

const STEPS: ReadonlySet<string> = new Set(
  MIGRATIONS.flatMap(({ statements }) => statements.map((one) => (typeof one === 'string' ? one : one.text))),
);

/** What a migration asks, and the steps themselves, of which the peer makes nothing. */
function answerMigration({ text, parameters = {} }: Statement, schema: Schema): Row[][] | undefined {
  if (text === FIND_MIGRATIONS) return [[{ id: 1 }]];
  if (text === READ_VERSION) return [[{ version: schema.version }]];
  if (text === TAKE_LOCK && parameters.resource?.[1] === 'scorpiox_migration') {
    return [[{ outcome: schema.locked ? -1 : 0 }]];
  }
  if (text.includes('COUNT_BIG(*) AS [rows]')) return [[{ rows: '1000' }]];
  if (text === NOTE_MIGRATION) schema.version = Number(parameters.version?.[1]);
  return text === NOTE_MIGRATION || text === CREATE_MIGRATIONS || STEPS.has(text) ? [] : undefined;
}

/** The control side's statements: one key, one token. */
function answerControl({ text, parameters = {} }: Statement): Row[][] | undefined {
  const value = (name: string) => parameters[name]?.[1];
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

function answering(answer: (statement: Statement) => Row[][], schema: Schema): (statement: Statement) => Row[][] {
  return (statement) => {
    try {
      return answerMigration(statement, schema) ?? answerControl(statement) ?? answer(statement);
    } catch (error) {
      if (error instanceof SqlServerError) throw new Refused(NUMBERS[error.kind], error.message);
      throw error;
    }
  };
}

const backendOf = (model: ModelServer, schema: Schema): Backend => ({
  answer: answering((statement) => model.answer(statement), schema),
  async begin() {
    const transaction = await model.begin();
    return { ...transaction, answer: answering((statement) => transaction.answer(statement), schema) };
  },
});

export interface ModelPeer {
  readonly model: ModelServer;
  readonly schema: Schema;
  readonly peer: TdsPeer;
  readonly location: SqlServerLocation;
  /** The same as `insights.database`. */
  readonly url: string;
}

/** A peer that answers as the model does; it is gone when the test is. */
export async function startModelPeer(): Promise<ModelPeer> {
  const model = new ModelServer();
  const schema = { version: MIGRATIONS.length, locked: false };
  const peer = new TdsPeer(backendOf(model, schema));
  await peer.listen();
  onTestFinished(() => peer.goAway());
  const { port } = peer;
  return {
    model,
    schema,
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
