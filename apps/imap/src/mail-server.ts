/** One process's mail server, wired: all but who listens. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { makeDefaultMailboxes, nodeFileSystem, openMailStore, type TextService, textWorker } from '@scorpiox/maildir';
import { type Accounts, AccountsUnavailable, openAccounts } from '@scorpiox/shared/accounts';
import { CertificateWatch } from '@scorpiox/shared/certificates';
import { createTelemetryClient, type TelemetryClient } from '@scorpiox/shared/client';
import { accountsFile, lmtpSpoolFolder, mailPlaces, traceFolder } from '@scorpiox/shared/config';
import type { Logger } from 'pino';
import type { Pacing } from './auth/pacing.ts';
import { createSignIn } from './auth/sign-in.ts';
import { certificateOf, limitsOf, lmtpAt, withCertificate } from './configured.ts';
import type { MailConfig } from './fleet/settings.ts';
import { LMTP, SHUTDOWN } from './limits.ts';
import { createMailDelivery } from './lmtp/mail-delivery.ts';
import { Spool } from './lmtp/spool.ts';
import { createMail, type Mail } from './mailbox/user-mail.ts';
import { EXIT, StartError } from './process.ts';
import { Listener } from './server/listener.ts';
import { LmtpListener } from './server/lmtp-listener.ts';
import { createLmtpObserver, type LmtpObserver } from './server/lmtp-observer.ts';
import { Metrics } from './server/metrics.ts';
import { createObservers } from './server/observer.ts';
import { LocalOperator } from './server/operator.ts';
import { LoopDelay, processFamilies, telemetryFamilies } from './server/process-metrics.ts';
import type { RecentLog } from './server/recent-log.ts';
import { ShutOut } from './server/shut-out.ts';
import { StoreMetrics } from './server/store-metrics.ts';
import { Tls } from './server/tls.ts';
import { telling } from './trace/files.ts';
import { Tracer } from './trace/tracer.ts';

export interface MailServerDeps {
  readonly log: Logger;
  readonly recentLog: RecentLog;
  readonly pacing: Pacing;
  /** Those of TLS session tickets, where they are shared. */
  readonly ticketKeys?: Buffer;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
}

export interface MailServer {
  readonly listener: Listener;
  readonly lmtp: LmtpListener;
  readonly operator: LocalOperator;
  /** Ends all sessions and deliveries in good order, and closes what is open. */
  stop(): Promise<void>;
}

/** Rejects with `StartError` where certificates or accounts cannot be used. */
export async function createMailServer(config: MailConfig, deps: MailServerDeps): Promise<MailServer> {
  const { log, recentLog, pacing, ticketKeys, now } = deps;
  const tls = await withCertificate(config, () => Tls.load(() => certificateOf(config), ticketKeys));
  mkdirSync(config.imap.mailRoot, { recursive: true, mode: 0o700 });
  const accounts = accountsOf(config);
  const telemetry = telemetryOf(config, log);
  const text = config.imap.textIndex ? textWorker() : undefined;
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
    signIn: createSignIn(accounts, pacing),
    mail,
    observers: createObservers({ log, track: (event) => telemetry?.track(event), metrics, now }),
  });
  const lmtp = createLmtp(config, accounts, mail, createLmtpObserver(log, metrics));
  const operator = new LocalOperator({
    tls,
    tracer,
    recentLog,
    listeners: [listener, lmtp],
    metrics: () => [
      ...metrics.families(),
      ...stores.families(),
      loopDelay.family(),
      ...processFamilies(),
      ...(telemetry === undefined ? [] : telemetryFamilies(telemetry.stats())),
    ],
  });
  const shutOut = new ShutOut({
    accounts,
    guests: () => listener.connections,
    trouble: (error) => log.error({ err: error }, 'the accounts cannot be asked'),
  });
  shutOut.start();
  const certificates = watchCertificates(config, tls, log);
  const stop = async () => {
    shutOut.stop();
    certificates.stop();
    operator.drain();
    await Promise.all([listener.stop(), lmtp.stop()]);
    await text?.close();
    await endTelemetry(telemetry, log);
    await tracer.close();
    accounts.close();
  };
  return { listener, lmtp, operator, stop };
}

/** Takes a certificate that was put in the place of the one before. */
function watchCertificates(config: MailConfig, tls: Tls, log: Logger): CertificateWatch {
  const watch = new CertificateWatch({
    locate: () => certificateOf(config),
    take: async () => {
      await tls.renew();
      log.info({ certificate: tls.facts }, 'another certificate is in use');
    },
    trouble: (why) => log.error({ why }, 'the certificate files cannot be used; the certificate before stays in use'),
  });
  watch.start();
  return watch;
}

function accountsOf(config: MailConfig): Accounts {
  try {
    return openAccounts(accountsFile(config));
  } catch (error) {
    throw error instanceof AccountsUnavailable ? new StartError(error.message, EXIT.config) : error;
  }
}

function telemetryOf(config: MailConfig, log: Logger): TelemetryClient | undefined {
  const connectionString = config.telemetry.connectionString?.reveal();
  if (connectionString === undefined) return undefined;
  return createTelemetryClient({ connectionString, instance: `imap-${process.pid}`, log: (text) => log.warn(text) });
}

async function endTelemetry(telemetry: TelemetryClient | undefined, log: Logger): Promise<void> {
  const stats = await telemetry?.close(SHUTDOWN.telemetry);
  const dropped = Object.entries(stats?.dropped ?? {}).filter(([, count]) => count > 0);
  if (dropped.length > 0) log.warn({ dropped: Object.fromEntries(dropped) }, 'telemetry events were dropped');
}

/** A user's mail, where delivery puts it as well. */
async function openUser(
  config: MailConfig,
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

/** Local delivery into the same mail. */
function createLmtp(config: MailConfig, accounts: Accounts, mail: Mail, observer: LmtpObserver): LmtpListener {
  const folder = lmtpSpoolFolder(config);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return new LmtpListener({
    ...lmtpAt(config),
    delivery: createMailDelivery(accounts, mail),
    observer,
    messageSize: limitsOf(config).messageSize,
    host: hostname(),
    openSpool: () => new Spool({ folder, inMemory: LMTP.inMemory, chunk: LMTP.chunk }),
    newId: randomUUID,
    clock: Date.now,
    now: () => performance.now(),
  });
}
