// The API as `scorpiox up` starts it, alone, on a folder of its own, with applications.
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { THRIFT } from '../../apps/cli/src/ops/up/thrift.ts';
import { KnownKeys } from '../../apps/insights-api/src/control/known-keys.ts';
import { openControl } from '../../packages/shared/src/database/index.ts';

const APPS = 15;
const apps = Array.from({ length: APPS }, (_, at) => `bench-${at}`);

export interface ApiServer {
  readonly pid: number;
  readonly port: number;
  /** The database's file. */
  readonly file: string;
  /** An ingest key for each application. */
  readonly keys: readonly string[];
  /** Stops it in order, and removes its folder. */
  stop(): Promise<void>;
}

/** @param flags of Node, as `--cpu-prof`. */
export async function startApi(flags: readonly string[] = []): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-ingest-'));
  const file = join(folder, 'insights.db');
  const opened = await openControl({ kind: 'sqlite', file });
  if (!opened.ok) throw new Error(opened.error.message);
  const added = await Promise.all(apps.map((name) => opened.value.ensureApp(name)));
  await opened.value.close();
  const keys = added.flatMap((app) => (app.ok ? app.value.key : []));
  return start({ folder, file, keys, env: {}, flags });
}

/** The same with a SQL Server that is away and has been there before, so that everything goes into the spool. */
export async function startSpooling(): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-ingest-'));
  const server = '127.0.0.1:1/insights'; // nobody listens there
  const known = new KnownKeys(join(folder, 'spool', 'keys.json'), server);
  const keys = apps.map((name, at) => {
    const key = randomUUID();
    known.set(key, { app: { id: at + 1, name } });
    return key;
  });
  const env = { SCORPIOX_INSIGHTS_DATABASE: `mssql://bench:bench@${server}` };
  return start({ folder, file: '', keys, env, flags: [] });
}

interface Start extends Pick<ApiServer, 'file' | 'keys'> {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

async function start({ folder, file, keys, env, flags }: Start): Promise<ApiServer> {
  const program = fileURLToPath(new URL('../../apps/insights-api/src/main.ts', import.meta.url));
  const { env: thrift, flags: own } = THRIFT['insights-api'];
  const settings = {
    PATH: process.env.PATH,
    ...thrift,
    SCORPIOX_DATA_DIR: folder,
    SCORPIOX_INSIGHTS_PORT: '0',
    ...env,
  };
  const child = fork(program, {
    env: settings,
    execArgv: [...own, ...flags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const port = Number(new URL(await addressOf(child)).port);
  return {
    pid: child.pid ?? 0,
    port,
    file,
    keys,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first message of the API says where it listens. */
async function addressOf(child: ChildProcess): Promise<string> {
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [
    { readonly addresses?: readonly string[] } | number,
  ];
  if (typeof message === 'number' || message.addresses?.[0] === undefined) throw new Error('the API did not start');
  return message.addresses[0];
}
