/** What the processes of the server have in common: how they end, what they log, and when they are to stop. */
import type { Config } from '@scorpiox/shared/config';
import { type Logger, pino } from 'pino';
import type { Operator } from './admin/operator.ts';
import { type Admin, AdminError, startAdmin } from './admin/start.ts';
import { createAdminLog } from './server/admin-log.ts';
import { PortError } from './server/ports.ts';
import { RecentLog } from './server/recent-log.ts';

/**
 * Exit codes (sysexits.h), beside 0 for stopped as asked: bad arguments or configuration; a port cannot be had; a worker
 * died before it served; certificates or accounts cannot be read.
 */
export const EXIT = { usage: 64, unavailable: 69, software: 70, config: 78 } as const;

/** The server cannot be started; `message` is a sentence that says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly exit: number;

  constructor(message: string, exit: number) {
    super(message);
    this.exit = exit;
  }
}

/** Runs a process's program and ends; where it cannot be started, with the sentence that says why. */
export async function runProcess(program: () => Promise<void>): Promise<never> {
  try {
    await program();
    process.exit(0);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message.trimEnd()}\n`);
    process.exit(error.exit);
  }
}

/** Listens; rejects with `StartError` where that is not possible. */
export async function listening<T>(listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    throw error instanceof PortError ? new StartError(error.message, EXIT.unavailable) : error;
  }
}

/** What a process logs, to stderr, and the last of it for an operator. */
export interface ProcessLog {
  readonly log: Logger;
  readonly recentLog: RecentLog;
}

/** @param more what every line holds beside. */
export function createLog({ imap }: Pick<Config, 'imap'>, more: Readonly<Record<string, unknown>> = {}): ProcessLog {
  const stderr = pino.destination({ dest: 2, sync: true });
  const recentLog = new RecentLog(imap.logLevel);
  const write = (line: string): void => {
    stderr.write(line);
    recentLog.add(line);
  };
  return { log: pino({ base: { app: 'imap', ...more }, level: imap.logLevel }, { write }), recentLog };
}

/** Whoever started this process learns, and the log says, where it listens. */
export function announce({ imap }: Config, ports: ListeningOn, log: Logger): void {
  const at = imap.host.includes(':') ? `[${imap.host}]` : imap.host;
  const addresses = [`imap://${at}:${ports.port}`, `imaps://${at}:${ports.tlsPort}`];
  log.info({ addresses, lmtp: { port: ports.lmtpPort, socket: imap.lmtpSocket }, admin: ports.adminPort }, 'listening');
  process.send?.({ type: 'ready', addresses });
}

interface ListeningOn {
  readonly port: number;
  readonly tlsPort: number;
  /** Undefined where there is none. */
  readonly lmtpPort: number | undefined;
  readonly adminPort: number | undefined;
}

/** The operator's port; undefined where it is turned off. Rejects with `StartError`. */
export async function offerAdmin(config: Config, operator: Operator, log: Logger): Promise<Admin | undefined> {
  try {
    return await startAdmin(config, operator, createAdminLog(log));
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    throw new StartError(error.message, error.reason === 'port' ? EXIT.unavailable : EXIT.config);
  }
}

/** Resolves when this process is to stop: asked by a signal, or its parent is gone. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    // For good: a signal that comes again while the sessions end must not end the process in the middle of it.
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve());
    process.once('disconnect', () => resolve());
  });
}

/** They reach all processes of a terminal or a service, and mean the one that was started first. */
export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
