import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Accounts } from '@scorpiox/shared/accounts';
import { backupFolder, type Config, importFolder } from '@scorpiox/shared/config';
import type { DatabaseError } from '@scorpiox/shared/database';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Logger } from 'pino';
import { assembleAlerts } from '../alerts/assemble.ts';
import { Backups } from '../backup/backups.ts';
import { callLinking } from '../calls/linking.ts';
import { buildApp } from '../http/app.ts';
import type { ApiInstance } from '../http/instance.ts';
import type { Handler } from '../http/listener.ts';
import { Imports } from '../imports/imports.ts';
import { openSource } from '../imports/open-source.ts';
import { ProgressFiles } from '../imports/progress-files.ts';
import { Admission } from '../ingest/admission/admission.ts';
import { Budget } from '../ingest/budget.ts';
import { Ingest } from '../ingest/ingest.ts';
import { instanceName } from '../instance-name.ts';
import { IN_FLIGHT_BYTES } from '../limits.ts';
import { LiveHub } from '../live/hub.ts';
import { type Databases, openDatabases } from '../open-databases.ts';
import { Retention } from '../retention/retention.ts';
import { openDirect } from '../store/open.ts';
import { backUpInThread } from '../store/sqlite/back-up.ts';
import { measureStore } from '../watch/measured-store.ts';
import { Meter } from '../watch/meter.ts';
import { PlatformView } from '../watch/platform-view.ts';
import { Presence } from '../watch/presence.ts';
import { SizeWatch } from '../watch/size-watch.ts';
import type { WorkBoard } from '../work/board.ts';
import { GroupCommit } from '../writer/group-commit.ts';
import { cannotStart, type StartProblem } from './problem.ts';

/** The API at work: its routes, and all that runs beside them. Sockets are not its business. */
export interface Service {
  readonly handler: Handler;
  /** Resolves with the reason when it cannot go on. */
  readonly failed: Promise<Error>;
  /** Begins what it does of its own accord. */
  start(): void;
  /** Requests that come from now on are turned away. */
  turnAway(): void;
  /** Writes what is queued and releases everything; when no request is under way any more. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Folder of the built dashboard. */
  readonly dashboard: string | undefined;
  readonly accounts: Accounts;
  readonly board: WorkBoard;
  /** Why the database could not be asked a moment ago: then that is not tried again at once. */
  readonly unreachable?: DatabaseError;
}

/** Opens the databases and puts the parts together over them. */
export async function openService(options: ServiceOptions): Promise<Result<Service, StartProblem>> {
  const opened = await openDatabases(options.config, options);
  if (!opened.ok) return cannotStart(opened.error.message);
  const meter = new Meter({ now: Date.now, ticks: () => performance.now() });
  const databases = { ...opened.value, store: measureStore(opened.value.store, meter) };
  const parts = makeParts(databases, meter, options);
  let stopping = false;
  const app = await buildRoutes(databases, parts, options, () => !stopping);
  return ok({
    handler: app.routing,
    failed: opened.value.store.failed,
    start() {
      parts.retention.start();
      parts.linking.start();
      parts.alerts.start();
      parts.sizes.start();
      parts.presence.start();
    },
    turnAway: () => {
      stopping = true;
      parts.live.stop();
    },
    async close() {
      await app.close();
      await parts.imports.stop();
      await parts.alerts.stop();
      await parts.sizes.stop();
      await parts.presence.stop();
      await parts.retention.stop();
      await parts.linking.stop();
      await parts.backups?.drain();
      await parts.writer.drain();
      await opened.value.store.close();
      await opened.value.control.close();
    },
  });
}

type Parts = ReturnType<typeof makeParts>;

function makeParts(databases: Databases, meter: Meter, options: ServiceOptions) {
  const { control, store, spool } = databases;
  const { board, logger, config, accounts } = options;
  const names = async () => new Map((await control.apps()).map(({ id, name }) => [id, name]));
  const common = { control, store, now: Date.now, pause, warn: (text: string) => logger.warn(text) };
  const instance = instanceName(config.insights.port);
  const presence = new Presence({ ...common, instance });
  const live = new LiveHub({ names, others: () => presence.others, now: Date.now, ticks: () => performance.now() });
  const writer = new GroupCommit(live.tap(store));
  const backlog = async () => writer.state().events + ((await spool?.state())?.events ?? 0);
  const alerting = assembleAlerts({ ...common, config, accounts, backlog });
  const seen = { ...common, ...alerting, live, meter, instance, folder: config.dataDir, startedAt: Date.now() };
  return {
    writer,
    live,
    ...alerting,
    presence,
    sizes: new SizeWatch(common),
    platform: new PlatformView(seen),
    retention: new Retention({ ...common, board }),
    linking: callLinking(common),
    backups: backupsOf(options),
    imports: importsOf(databases, options),
  };
}

async function buildRoutes(
  { control, store, spool }: Databases,
  parts: Parts,
  { config, logger, dashboard, accounts, board }: ServiceOptions,
  isReady: () => boolean,
): Promise<ApiInstance> {
  const { publicUrl, tlsPort, trustProxy } = config.insights;
  const ingest = new Ingest(new Admission(control, () => performance.now()), parts.writer, Date.now);
  const memory = new Budget(IN_FLIGHT_BYTES);
  const given = { control, accounts, store, spool, ingest, memory, now: Date.now };
  const app = await buildApp({ ...given, publicUrl, tlsPort, trustProxy, dashboard, isReady, board, ...parts }, logger);
  await app.ready();
  return app;
}

/** A SQL Server has tools of its own for that. */
function backupsOf({ config, board }: ServiceOptions): Backups | undefined {
  const { database } = config.insights;
  if (database.kind !== 'sqlite') return undefined;
  const { file } = database;
  return new Backups({ file, folder: backupFolder(config), backUp: backUpInThread, board, now: Date.now });
}

function importsOf({ control, store }: Databases, { config, logger, board }: ServiceOptions): Imports {
  const folder = importFolder(config);
  return new Imports({
    files: new ProgressFiles(join(folder, 'progress')),
    openSource: (request) => openSource(folder, request),
    openSink: () => openDirect(config.insights.database, store, (text) => logger.warn(text)),
    control,
    board,
    now: Date.now,
    pause,
  });
}

/** Waits, unless there is nothing to wait for any more. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => {});
