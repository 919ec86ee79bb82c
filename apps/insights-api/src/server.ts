import { type Accounts, AccountsUnavailable, openAccounts } from '@scorpiox/shared/accounts';
import { accountsFile, type Config } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Logger } from 'pino';
import { Front } from './serving/front.ts';
import { cannotStart, type StartProblem } from './serving/problem.ts';
import { openService } from './serving/service.ts';
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

export interface ServerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Folder of the built dashboard. */
  readonly dashboard: string | undefined;
}

/** Puts the parts together and listens. */
export async function startServer(options: ServerOptions): Promise<Result<Server, StartProblem>> {
  const found = tryAccounts(accountsFile(options.config));
  if (!found.ok) return found;
  const accounts = found.value;
  const opened = await openService({ ...options, accounts, board: new WorkBoard(Date.now) });
  if (!opened.ok) {
    accounts.close();
    return opened;
  }
  const service = opened.value;
  const front = new Front(options.config, service.handler);
  const close = async () => {
    service.turnAway();
    await front.close();
    await service.close();
    accounts.close();
  };
  const listening = await front.listen();
  if (!listening.ok) {
    await close();
    return listening;
  }
  service.start();
  return ok({ addresses: front.addresses, failed: service.failed, close });
}

function tryAccounts(file: string): Result<Accounts, StartProblem> {
  try {
    return ok(openAccounts(file));
  } catch (error) {
    if (error instanceof AccountsUnavailable) return cannotStart(error.message);
    throw error;
  }
}
