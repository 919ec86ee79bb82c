import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Account, Accounts } from '@scorpiox/shared/accounts';
import { type Control, openControl } from '@scorpiox/shared/database';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { Backups } from '../../src/backup/backups.ts';
import { buildApp } from '../../src/http/app.ts';
import type { ApiInstance } from '../../src/http/instance.ts';
import { Imports } from '../../src/imports/imports.ts';
import { openSource } from '../../src/imports/open-source.ts';
import { ProgressFiles } from '../../src/imports/progress-files.ts';
import { Admission } from '../../src/ingest/admission/admission.ts';
import { Budget } from '../../src/ingest/budget.ts';
import { Ingest } from '../../src/ingest/ingest.ts';
import { LiveHub } from '../../src/live/hub.ts';
import type { Store } from '../../src/store/port.ts';
import { backUpInThread } from '../../src/store/sqlite/back-up.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { measureStore } from '../../src/watch/measured-store.ts';
import { Meter } from '../../src/watch/meter.ts';
import { PlatformView } from '../../src/watch/platform-view.ts';
import { WorkBoard } from '../../src/work/board.ts';
import { GroupCommit, type QueueLimits } from '../../src/writer/group-commit.ts';
import { testAlerts } from './alerts.ts';
import { temporaryFolder } from './folder.ts';
import { NO_ACCOUNTS } from './no-accounts.ts';

export interface TestApi {
  readonly app: ApiInstance;
  readonly control: Control;
  readonly store: Store;
  readonly file: string;
  /** The ingest key of the application `shop`. */
  readonly key: string;
  /** A viewer's token. */
  readonly token: string;
  readonly live: LiveHub;
  /** Everything that was logged. */
  readonly log: () => string;
  /** Bytes of ingest bodies that are held now. */
  readonly memoryTaken: () => number;
  /** One value from the database. */
  value(sql: string): unknown;
}

export interface TestApiOptions {
  readonly now?: () => number;
  /** Milliseconds on the clock that never jumps. */
  readonly ticks?: () => number;
  readonly limits?: QueueLimits;
  /** Put around the store. */
  readonly wrap?: (store: Store) => Store;
  readonly verify?: Accounts['verify'];
  readonly accounts?: Accounts;
  readonly alerts?: Parameters<typeof testAlerts>[1];
  /** Bytes of ingest bodies under way. */
  readonly memory?: number;
  readonly dashboard?: string;
  readonly publicUrl?: string;
  readonly trustProxy?: readonly string[];
  /** Whether it takes work. */
  readonly isReady?: () => boolean;
}

const ACCOUNTS: Readonly<Record<string, Account>> = {
  'alice:correct horse': { name: 'alice', role: 'admin' },
  'mailonly:correct horse': { name: 'mailonly' },
};

/** The whole API on an empty database, without a port: its routes are injected into. It goes away with the test. */
export async function makeApi({
  now = Date.now,
  ticks = () => performance.now(),
  limits,
  wrap = (store) => store,
  accounts,
  alerts,
  verify = async (name, password) => ACCOUNTS[`${name}:${password}`],
  memory = 2 ** 30,
  dashboard,
  publicUrl = 'http://insights.test',
  trustProxy = [],
  isReady = () => true,
}: TestApiOptions = {}): Promise<TestApi> {
  const file = join(temporaryFolder(), 'insights.db');
  const opened = await openControl({ kind: 'sqlite', file }, { now });
  if (!opened.ok) throw new Error(opened.error.message);
  const control = opened.value;
  const shop = await control.addApp('shop');
  const issued = await control.addToken('tests', 'viewer');
  if (!shop.ok || !issued.ok) throw new Error('cannot prepare');
  const inner = openSqliteStore(file);
  const meter = new Meter({ now, ticks });
  const store = measureStore(wrap(inner), meter);
  const names = async () => new Map((await control.apps()).map(({ id, name }) => [id, name]));
  const live = new LiveHub({ names, others: () => [], now, ticks });
  const writer = new GroupCommit(live.tap(store), limits);
  const ingest = new Ingest(new Admission(control, ticks), writer, now);
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const budget = new Budget(memory);
  const board = new WorkBoard(now);
  const backups = new Backups({ file, folder: join(dirname(file), 'backups'), backUp: backUpInThread, board, now });
  const folder = join(dirname(file), 'imports');
  const imports = new Imports({
    files: new ProgressFiles(join(folder, 'progress')),
    openSource: (request) => openSource(folder, request),
    openSink: async () => ({ store, close: async () => {} }),
    control,
    board,
    now,
    pause: async () => {},
  });
  const alertParts = testAlerts(control, alerts);
  const deps = {
    control,
    accounts: accounts ?? { ...NO_ACCOUNTS, verify },
    store,
    writer,
    live,
    ingest,
    memory: budget,
    now,
    publicUrl,
    trustProxy,
    dashboard,
    isReady,
    board,
    backups,
    imports,
    ...alertParts,
    platform: new PlatformView({
      ...alertParts,
      meter,
      store,
      live,
      control,
      folder: dirname(file),
      instance: 'here:1',
      startedAt: now(),
      now,
    }),
  };
  const app = await buildApp(deps, logger);
  onTestFinished(async () => {
    await app.close();
    await backups.drain();
    await imports.stop();
    await inner.close();
    await control.close();
  });
  return {
    app,
    live,
    control,
    store,
    file,
    key: shop.value.key,
    token: issued.value.token,
    log: () => lines.join(''),
    memoryTaken: () => budget.taken,
    value(sql) {
      const db = new DatabaseSync(file, { readOnly: true });
      const row = db.prepare(sql).get();
      db.close();
      return Object.values(row ?? {})[0];
    },
  };
}
