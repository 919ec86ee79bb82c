/** A whole server over real files on free ports, for one test file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileSystem, type MailStore, nodeFileSystem, openMailStore } from '@scorpiox/maildir';
import { ensureCertificates } from '@scorpiox/shared/certificates';
import type { TelemetryEvent } from '@scorpiox/shared/client';
import { pino } from 'pino';
import { pacedBy } from '../../src/auth/pacing.ts';
import { createSignIn, type Verifier } from '../../src/auth/sign-in.ts';
import { Throttle } from '../../src/auth/throttle.ts';
import type { ConnectionLimits } from '../../src/limits.ts';
import { createMail } from '../../src/mailbox/user-mail.ts';
import { Listener } from '../../src/server/listener.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { createObservers } from '../../src/server/observer.ts';
import { LocalOperator } from '../../src/server/operator.ts';
import { RecentLog } from '../../src/server/recent-log.ts';
import { Tls, type TlsFiles } from '../../src/server/tls.ts';
import { telling } from '../../src/trace/files.ts';
import { Tracer } from '../../src/trace/tracer.ts';
import { Client } from './client.ts';
import { everyoneWith } from './verifier.ts';

export const PASSWORD = 'correct horse';

export interface TestServer {
  readonly listener: Listener;
  readonly operator: LocalOperator;
  /** Where certificate and key are read from. */
  readonly tlsFiles: TlsFiles;
  readonly port: number;
  readonly tlsPort: number;
  readonly ca: string;
  readonly events: TelemetryEvent[];
  /** What was logged as an error: a healthy server logs none. */
  readonly errors: string[];
  /** Everything that was logged. */
  readonly log: string[];
  maildir(user: string): string;
  /** The file system under a user's store, as traces see it. */
  fileSystem(user: string): FileSystem;
  /** A user's mail as another process would open it. */
  openElsewhere(user: string): Promise<MailStore>;
  /** A TLS connection past its greeting. */
  connect(): Promise<Client>;
  /** The same, signed in. */
  signIn(user: string): Promise<Client>;
  stop(): Promise<void>;
  /** Stops, and starts another server over the same files. */
  restart(): Promise<TestServer>;
}

/**
 * Every name with PASSWORD is an account, unless others are given. `alter` may put something between the server and its
 * stores.
 */
export async function startServer(
  limits?: ConnectionLimits,
  alter: (store: MailStore) => MailStore = (store) => store,
  verifier: Verifier = everyoneWith(PASSWORD),
  existing?: string,
  proxied = false,
): Promise<TestServer> {
  const folder = existing ?? (await mkdtemp(join(tmpdir(), 'imap-')));
  const files = await ensureCertificates({ folder: join(folder, 'tls') });
  const events: TelemetryEvent[] = [];
  const errors: string[] = [];
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    recentLog.add(line);
    if (JSON.parse(line).level >= 50) errors.push(line);
  };
  const recentLog = new RecentLog('debug');
  const log = pino({ level: 'debug' }, { write });
  const tracer = new Tracer(join(folder, 'traces'));
  const maildir = (user: string) => join(folder, user, 'Maildir');
  const fileSystem = (user: string) => telling(nodeFileSystem, maildir(user), (fact) => tracer.file(user, fact));
  const open = (user: string) =>
    openMailStore({
      maildir: maildir(user),
      indexFile: join(folder, user, 'index.db'),
      fileSystem: fileSystem(user),
    });
  const now = () => performance.now();
  const metrics = new Metrics();
  const tls = await Tls.load(async () => files);
  const listener = new Listener({
    host: '127.0.0.1',
    port: 0,
    tlsPort: 0,
    proxied,
    tls,
    tracer,
    now,
    signIn: createSignIn(
      verifier,
      pacedBy(new Throttle(now), async () => {}),
    ),
    mail: createMail(async (user) => {
      const store = await open(user);
      return store.ok ? { ok: true, value: alter(store.value) } : store;
    }),
    observers: createObservers({ log, track: (event) => events.push(event), metrics, now }),
    ...(limits === undefined ? {} : { limits }),
  });
  const { port, tlsPort } = await listener.start();
  const operator = new LocalOperator({
    ...{ tls, tracer, recentLog, listeners: [listener] },
    metrics: () => metrics.families(),
  });
  const connect = async () => {
    const client = await Client.overTls(tlsPort, files.caFile);
    await client.line();
    return client;
  };
  return {
    listener,
    operator,
    tlsFiles: files,
    port,
    tlsPort,
    ca: files.caFile,
    events,
    errors,
    log: lines,
    maildir,
    fileSystem,
    openElsewhere: async (user) => {
      const store = await open(user);
      if (!store.ok) throw new Error(store.error.message);
      return store.value;
    },
    connect,
    signIn: async (user) => {
      const client = await connect();
      await client.ok(`LOGIN ${user} "${PASSWORD}"`);
      return client;
    },
    stop: async () => {
      await listener.stop();
      await rm(folder, { recursive: true, force: true });
    },
    restart: async () => {
      await listener.stop();
      return startServer(limits, alter, verifier, folder, proxied);
    },
  };
}
