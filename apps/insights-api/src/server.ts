import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Accounts, AccountsUnavailable, openAccounts } from '@scorpiox/shared/accounts';
import { ensureCertificates } from '@scorpiox/shared/certificates';
import { accountsFile, backupFolder, type Config, importFolder, tlsFolder } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Logger } from 'pino';
import { Backups } from './backup/backups.ts';
import { buildApp } from './http/app.ts';
import { makeTlsListener, type TlsFiles, type TlsListener } from './http/tls-listener.ts';
import { Imports } from './imports/imports.ts';
import { openSource } from './imports/open-source.ts';
import { ProgressFiles } from './imports/progress-files.ts';
import { Admission } from './ingest/admission/admission.ts';
import { Budget } from './ingest/budget.ts';
import { Ingest } from './ingest/ingest.ts';
import { DRAIN_MS, IN_FLIGHT_BYTES } from './limits.ts';
import { type Databases, openDatabases } from './open-databases.ts';
import { Retention } from './retention/retention.ts';
import { openDirect } from './store/open.ts';
import { backUpInThread } from './store/sqlite/back-up.ts';
import { WorkBoard } from './work/board.ts';
import { GroupCommit } from './writer/group-commit.ts';

/** A server that listens. */
export interface Server {
  /** `http://127.0.0.1:8080` and the like. */
  readonly addresses: readonly string[];
  /** Resolves with the reason when it cannot go on. */
  readonly failed: Promise<Error>;
  /** Takes no new requests, finishes those under way, writes what is queued, and releases everything. */
  close(): Promise<void>;
}

/** Why it does not start, as a sentence for the operator. */
export interface StartProblem {
  readonly code: 'unavailable';
  readonly message: string;
}

export interface ServerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Folder of the built dashboard. */
  readonly dashboard: string | undefined;
}

/** Puts the parts together and listens. */
export async function startServer({ config, logger, dashboard }: ServerOptions): Promise<Result<Server, StartProblem>> {
  const { insights } = config;
  const found = tryAccounts(accountsFile(config));
  if (!found.ok) return found;
  const accounts = found.value;
  const opened = await openDatabases(config, logger);
  if (!opened.ok) {
    accounts.close();
    return err({ code: 'unavailable', message: opened.error.message });
  }
  const { control, store, spool } = opened.value;
  const writer = new GroupCommit(store);
  const board = new WorkBoard(Date.now);
  const retention = new Retention({ control, store, board, now: Date.now, pause, warn: (text) => logger.warn(text) });
  const backups = backupsOf(config, board);
  const imports = importsOf(opened.value, { config, logger, board });
  let ready = true;
  const app = await buildApp(
    {
      control,
      accounts,
      store,
      writer,
      spool,
      ingest: new Ingest(new Admission(control, () => performance.now()), writer, Date.now),
      memory: new Budget(IN_FLIGHT_BYTES),
      now: Date.now,
      publicUrl: insights.publicUrl,
      trustProxy: insights.trustProxy,
      dashboard,
      isReady: () => ready,
      board,
      backups,
      imports,
    },
    logger,
  );

  let secure: TlsListener | undefined;

  const close = async () => {
    ready = false;
    // Requests that never end must not hold up the stop: after a while their connections are cut.
    const cut = setTimeout(() => {
      app.server.closeAllConnections();
      secure?.closeAllConnections();
    }, DRAIN_MS);
    await Promise.all([app.close(), secure?.close()]);
    clearTimeout(cut);
    await imports.stop();
    await retention.stop();
    await backups?.drain();
    await writer.drain();
    await store.close();
    await control.close();
    accounts.close();
  };

  const refuse = async (message: string): Promise<Result<never, StartProblem>> => {
    await close();
    return err({ code: 'unavailable', message });
  };
  const addresses: string[] = [];
  try {
    await app.listen({ host: insights.host, port: insights.port });
    addresses.push(...app.addresses().map((address) => toUrl(address, 'http')));
  } catch (error) {
    return refuse(describeListenFailure(error, insights.host, insights.port, 'insights.port'));
  }
  const running = () => {
    retention.start();
    return ok({ addresses, failed: store.failed, close });
  };
  const { tlsPort } = insights;
  if (tlsPort === undefined) return running();
  try {
    secure = await makeTlsListener(app, await tlsFiles(config));
  } catch (error) {
    return refuse(describeTlsFailure(error, config));
  }
  try {
    addresses.push(toUrl(await secure.listen(insights.host, tlsPort), 'https'));
    return running();
  } catch (error) {
    return refuse(describeListenFailure(error, insights.host, tlsPort, 'insights.tls_port'));
  }
}

/** The operator's own certificate, or one of the local authority that every part shares. */
async function tlsFiles(config: Config): Promise<TlsFiles> {
  const { tlsCert, tlsKey } = config.insights;
  if (tlsCert !== undefined && tlsKey !== undefined) return { certFile: tlsCert, keyFile: tlsKey };
  return ensureCertificates({ folder: tlsFolder(config) });
}

function describeTlsFailure(error: unknown, config: Config): string {
  const { tlsCert, tlsKey } = config.insights;
  const files = tlsCert === undefined ? tlsFolder(config) : `insights.tls_cert ${tlsCert}, insights.tls_key ${tlsKey}`;
  return `The TLS certificate cannot be used (${files}): ${error instanceof Error ? error.message : String(error)}`;
}

/** A SQL Server has tools of its own for that. */
function backupsOf(config: Config, board: WorkBoard): Backups | undefined {
  const { database } = config.insights;
  if (database.kind !== 'sqlite') return undefined;
  const { file } = database;
  return new Backups({ file, folder: backupFolder(config), backUp: backUpInThread, board, now: Date.now });
}

function importsOf(
  { control, store }: Databases,
  { config, logger, board }: Pick<ServerOptions, 'config' | 'logger'> & { readonly board: WorkBoard },
): Imports {
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

function tryAccounts(file: string): Result<Accounts, StartProblem> {
  try {
    return ok(openAccounts(file));
  } catch (error) {
    if (error instanceof AccountsUnavailable) return err({ code: 'unavailable', message: error.message });
    throw error;
  }
}

/** Names a listening socket; only sockets of a file system, which are never listened on, are plain text. */
function toUrl(address: AddressInfo | string, scheme: 'http' | 'https'): string {
  if (typeof address === 'string') return address;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${scheme}://${host}:${address.port}`;
}

function describeListenFailure(error: unknown, host: string, port: number, key: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is in use by another program; stop it, or set ${key} to a free one.`;
  }
  if (code === 'EACCES') return `Port ${port} may not be opened by this user; set ${key} to one above 1023.`;
  const reason = error instanceof Error ? error.message : String(error);
  return `The server cannot listen on ${host}:${port} (insights.host, ${key}): ${reason}.`;
}
