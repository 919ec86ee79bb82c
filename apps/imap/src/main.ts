/**
 * The IMAP server's process: reads the configuration, wires the parts, listens, and stops when it is told to.
 *
 * Exit codes (sysexits.h): 0 stopped as asked, 64 bad arguments or configuration, 69 a port cannot be had,
 * 78 certificates or accounts cannot be read.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { makeDefaultMailboxes, nodeFileSystem, openMailStore, type TextService, textWorker } from '@scorpiox/maildir';
import { type Accounts, openAccounts } from '@scorpiox/shared/accounts';
import { ensureCertificates } from '@scorpiox/shared/certificates';
import { createTelemetryClient, type TelemetryClient } from '@scorpiox/shared/client';
import {
  accountsFile,
  type Config,
  describeConfigErrors,
  lmtpSpoolFolder,
  loadConfig,
  mailPlaces,
  tlsFolder,
  traceFolder,
} from '@scorpiox/shared/config';
import { type Logger, pino } from 'pino';
import { type Admin, AdminError, startAdmin } from './admin/start.ts';
import { pacedBy } from './auth/pacing.ts';
import { createSignIn } from './auth/sign-in.ts';
import { Throttle } from './auth/throttle.ts';
import { CONNECTION, type ConnectionLimits, LMTP, SHUTDOWN } from './limits.ts';
import { createMailDelivery } from './lmtp/mail-delivery.ts';
import { Spool } from './lmtp/spool.ts';
import { createMail, type Mail } from './mailbox/user-mail.ts';
import { createAdminLog } from './server/admin-log.ts';
import { Listener } from './server/listener.ts';
import { LmtpListener } from './server/lmtp-listener.ts';
import { createLmtpObserver, type LmtpObserver } from './server/lmtp-observer.ts';
import { Metrics } from './server/metrics.ts';
import { createObservers } from './server/observer.ts';
import { LocalOperator } from './server/operator.ts';
import { PortError } from './server/ports.ts';
import { LoopDelay, processFamilies, telemetryFamilies } from './server/process-metrics.ts';
import { StoreMetrics } from './server/store-metrics.ts';
import { Tls, type TlsFiles } from './server/tls.ts';
import { telling } from './trace/files.ts';
import { Tracer } from './trace/tracer.ts';

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60 * MS_PER_SECOND;
const OCTETS_PER_MIB = 1024 * 1024;

const EXIT = { usage: 64, unavailable: 69, config: 78 } as const;

function fail(sentence: string, code: number): never {
  process.stderr.write(`${sentence.trimEnd()}\n`);
  process.exit(code);
}

function readConfig(): Config {
  const config = loadConfig({ env: process.env, flags: readFlags() });
  return config.ok ? config.value : fail(describeConfigErrors(config.error), EXIT.usage);
}

function readFlags(): Record<string, string> {
  try {
    const { values } = parseArgs({ options: { config: { type: 'string' } } });
    return values.config === undefined ? {} : { config: values.config };
  } catch (error) {
    return fail(
      `${error instanceof Error ? error.message : 'Bad arguments.'}\nusage: main.ts [--config FILE]`,
      EXIT.usage,
    );
  }
}

async function tlsOf(config: Config): Promise<Tls> {
  const { tlsCert, tlsKey } = config.imap;
  const given = tlsCert !== undefined && tlsKey !== undefined ? { certFile: tlsCert, keyFile: tlsKey } : undefined;
  const locate = async (): Promise<TlsFiles> => given ?? ensureCertificates({ folder: tlsFolder(config) });
  try {
    return await Tls.load(locate);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    const files = tlsCert === undefined ? tlsFolder(config) : `imap.tls_cert ${tlsCert} and imap.tls_key ${tlsKey}`;
    return fail(`The TLS certificate cannot be used (${files}): ${why}`, EXIT.config);
  }
}

function telemetryOf(config: Config, log: Logger): TelemetryClient | undefined {
  const connectionString = config.telemetry.connectionString?.reveal();
  if (connectionString === undefined) return undefined;
  return createTelemetryClient({ connectionString, instance: `imap-${process.pid}`, log: (text) => log.warn(text) });
}

/** A user's mail, where delivery puts it as well. */
async function openUser(
  config: Config,
  user: string,
  log: Logger,
  text: TextService | undefined,
  stores: StoreMetrics,
  tracer: Tracer,
): ReturnType<typeof openMailStore> {
  const places = mailPlaces(config, user);
  const store = await openMailStore({
    ...places,
    fileSystem: telling(nodeFileSystem, places.maildir, (fact) => tracer.file(user, fact)),
    ...(text === undefined ? {} : { text }),
    log: ({ level, code, message }) => log[level]({ code, user }, message),
  });
  if (store.ok) stores.opened(store.value);
  const made = store.ok ? await makeDefaultMailboxes(store.value) : store;
  if (store.ok && !made.ok) log.warn({ code: made.error.code, user }, 'default mailboxes could not be made');
  return store;
}

/** Those of limits.ts, with what the operator wants otherwise. */
function limitsOf({ imap: { keepAlive, limits } }: Config): ConnectionLimits {
  return {
    ...CONNECTION,
    keepAlive: keepAlive * MS_PER_MINUTE,
    connections: limits.connections,
    perAddress: limits.connectionsPerAddress,
    perUser: limits.connectionsPerUser,
    messageSize: limits.messageSize * OCTETS_PER_MIB,
    beforeSignIn: limits.signInTimeout * MS_PER_SECOND,
    idle: limits.idleTimeout * MS_PER_MINUTE,
    stalled: limits.stalledTimeout * MS_PER_SECOND,
  };
}

/** Local delivery into the same mail. */
function createLmtp(config: Config, accounts: Accounts, mail: Mail, observer: LmtpObserver): LmtpListener {
  const { lmtpPort, lmtpSocket } = config.imap;
  const folder = lmtpSpoolFolder(config);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return new LmtpListener({
    port: lmtpPort === 0 ? undefined : lmtpPort,
    socket: lmtpSocket,
    delivery: createMailDelivery(accounts, mail),
    observer,
    messageSize: config.imap.limits.messageSize * OCTETS_PER_MIB,
    host: hostname(),
    openSpool: () => new Spool({ folder, inMemory: LMTP.inMemory, chunk: LMTP.chunk }),
    newId: randomUUID,
    clock: Date.now,
    now: () => performance.now(),
  });
}

/** Listens, or ends with the sentence that says why not. */
async function start<T>(listener: { start(): Promise<T> }): Promise<T> {
  try {
    return await listener.start();
  } catch (error) {
    if (error instanceof PortError) return fail(error.message, EXIT.unavailable);
    throw error;
  }
}

async function main(): Promise<void> {
  const config = readConfig();
  const log = pino({ base: { app: 'imap' }, level: config.imap.logLevel }, pino.destination({ dest: 2, sync: true }));
  const tls = await tlsOf(config);
  mkdirSync(config.imap.mailRoot, { recursive: true, mode: 0o700 });
  const accounts = openAccounts(accountsFile(config));
  const telemetry = telemetryOf(config, log);
  const text = config.imap.textIndex ? textWorker() : undefined;
  const now = () => performance.now();
  const metrics = new Metrics();
  const stores = new StoreMetrics();
  const tracer = new Tracer(traceFolder(config));
  const loopDelay = new LoopDelay();
  const mail = createMail(
    (user) => openUser(config, user, log, text, stores, tracer),
    (store) => store.close().finally(() => stores.closed(store)),
  );
  const listener = new Listener({
    ...config.imap,
    tls,
    tracer,
    proxied: config.imap.behindProxy,
    limits: limitsOf(config),
    now,
    signIn: createSignIn(accounts, pacedBy(new Throttle(now))),
    mail,
    observers: createObservers({ log, track: (event) => telemetry?.track(event), metrics, now }),
  });
  const lmtp = createLmtp(config, accounts, mail, createLmtpObserver(log, metrics));
  const operator = new LocalOperator({
    tls,
    tracer,
    listeners: [listener, lmtp],
    metrics: () => [
      ...metrics.families(),
      ...stores.families(),
      loopDelay.family(),
      ...processFamilies(),
      ...(telemetry === undefined ? [] : telemetryFamilies(telemetry.stats())),
    ],
  });
  const { port, tlsPort } = await start(listener);
  const lmtpPort = await start(lmtp);
  const admin = await offerAdmin(config, operator, log);
  const { host } = config.imap;
  const at = host.includes(':') ? `[${host}]` : host;
  const addresses = [`imap://${at}:${port}`, `imaps://${at}:${tlsPort}`];
  log.info({ addresses, lmtp: { port: lmtpPort, socket: config.imap.lmtpSocket }, admin: admin?.port }, 'listening');
  process.send?.({ type: 'ready', addresses });
  await stopSignal();
  log.info('stopping');
  operator.drain();
  await Promise.all([listener.stop(), lmtp.stop()]);
  await text?.close();
  const stats = await telemetry?.close(SHUTDOWN.telemetry);
  const dropped = Object.entries(stats?.dropped ?? {}).filter(([, count]) => count > 0);
  if (dropped.length > 0) log.warn({ dropped: Object.fromEntries(dropped) }, 'telemetry events were dropped');
  await Promise.all([admin?.stop(), tracer.close()]);
  accounts.close();
  process.exit(0);
}

/** The operator's port, or the end with the sentence that says why not. */
async function offerAdmin(config: Config, operator: LocalOperator, log: Logger): Promise<Admin | undefined> {
  try {
    return await startAdmin(config, operator, createAdminLog(log));
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    return fail(error.message, error.reason === 'port' ? EXIT.unavailable : EXIT.config);
  }
}

/** Resolves when this process is to stop: asked by a signal, or its parent is gone. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    // For good: a signal that comes again while the sessions end must not end the process in the middle of it.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
    process.once('disconnect', () => resolve());
  });
}

await main();
