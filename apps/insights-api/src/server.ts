import { type Accounts, AccountsUnavailable, openAccounts } from '@scorpiox/shared/accounts';
import { accountsFile, type Config } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Logger } from 'pino';
import { Front } from './serving/front.ts';
import { cannotStart, type StartProblem } from './serving/problem.ts';
import { openService, type Service, type ServiceOptions } from './serving/service.ts';
import { bringDatabaseUp, type StartingOptions } from './serving/starting.ts';
import { bringUp } from './store/bring-up.ts';
import { WorkBoard } from './work/board.ts';

/** A server that listens. */
export interface Server {
  /** `http://127.0.0.1:8080` and the like. */
  readonly addresses: readonly string[];
  /** Resolves with the reason when it cannot go on. */
  readonly failed: Promise<Error>;
  /** Takes no new requests, finishes those under way, writes what is queued, and releases everything. */
  close(): Promise<void>;
}

export interface ServerOptions extends Pick<StartingOptions, 'signal' | 'onStarting'> {
  readonly config: Config;
  readonly logger: Logger;
  /** Folder of the built dashboard. */
  readonly dashboard: string | undefined;
  /** Replaced by tests. */
  readonly bringUp?: StartingOptions['bringUp'];
}

/** Puts the parts together and listens; as soon as it listens where the database has to be migrated first. */
export async function startServer(options: ServerOptions): Promise<Result<Server, StartProblem>> {
  const found = tryAccounts(accountsFile(options.config));
  if (!found.ok) return found;
  const accounts = found.value;
  const front = new Front(options.config, (text) => options.logger.warn(text));
  const board = new WorkBoard(Date.now);
  const ready = await bringDatabaseUp({ bringUp, ...options, front, board });
  const started = ready.ok ? await serve(front, { ...options, ...ready.value, accounts, board }) : ready;
  if (!started.ok) {
    await front.close();
    accounts.close();
  }
  return started;
}

/** The API over a database that is at its version, on sockets that may be open already. */
async function serve(front: Front, options: ServiceOptions): Promise<Result<Server, StartProblem>> {
  const opened = await openService(options);
  if (!opened.ok) return opened;
  const service = opened.value;
  front.answerWith(service.handler);
  const listening = front.isOpen ? ok(undefined) : await front.listen();
  if (!listening.ok) {
    await service.close();
    return listening;
  }
  service.start();
  return ok({
    addresses: front.addresses,
    failed: service.failed,
    close: () => close(front, service, options.accounts),
  });
}

async function close(front: Front, service: Service, accounts: Accounts): Promise<void> {
  service.turnAway();
  await front.close();
  await service.close();
  accounts.close();
}

function tryAccounts(file: string): Result<Accounts, StartProblem> {
  try {
    return ok(openAccounts(file));
  } catch (error) {
    if (error instanceof AccountsUnavailable) return cannotStart(error.message);
    throw error;
  }
}
