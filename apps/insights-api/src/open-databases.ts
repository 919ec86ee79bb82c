import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, spoolFolder } from '@scorpiox/shared/config';
import { type Control, type DatabaseError, type MigrationWatch, openControl } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Logger } from 'pino';
import { KnownKeys } from './control/known-keys.ts';
import { openLate } from './control/late-control.ts';
import { rememberControl } from './control/remembered-control.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/port.ts';
import type { Work, WorkBoard } from './work/board.ts';
import type { SpoolView } from './writer/spool/spooled-store.ts';

export interface Databases {
  readonly control: Control;
  readonly store: Store;
  readonly spool: SpoolView | undefined;
}

export interface OpenOptions {
  readonly logger: Logger;
  readonly board: WorkBoard;
  /** Why the database could not be asked a moment ago: then that is not tried again at once. */
  readonly unreachable?: DatabaseError;
}

/**
 * Opens what the configuration names. A SQL Server that is away keeps a process from starting only where nothing was ever
 * taken for it: then the address may be wrong. Otherwise senders are known, and what they send waits in the spool.
 */
export async function openDatabases(
  { insights, ...config }: Config,
  { logger, board, unreachable }: OpenOptions,
): Promise<Result<Databases, { readonly message: string }>> {
  const location = insights.database;
  const folder = spoolFolder({ insights, ...config });
  const log = { warn: (message: string) => logger.warn(message), info: (message: string) => logger.info(message) };
  const target = location.kind === 'mssql' ? nameOf(location) : '';
  const keys = location.kind === 'mssql' ? new KnownKeys(join(folder, 'keys.json'), target) : undefined;
  if (keys === undefined) warnOfLeftovers(folder, logger);
  const open = (watch?: MigrationWatch) => openControl(location, watch === undefined ? {} : { watch });
  const opened = unreachable === undefined ? await open() : err(unreachable);
  let control: Control;
  if (opened.ok) {
    control = opened.value;
  } else {
    if (keys === undefined || keys.size === 0 || opened.error.code !== 'cannot-open') return err(opened.error);
    logger.warn(`${opened.error.message} Events are taken and wait in the spool until it is there.`);
    control = openLate((watch) => openOnBoard(open, board, watch), opened.error);
  }
  try {
    const { store, spool } = await openStore(location, { folder, target, mostBytes: insights.spoolMax }, log);
    return ok({ control: keys === undefined ? control : rememberControl(control, keys), store, spool });
  } catch (error) {
    await control.close();
    throw error;
  }
}

/** Opens it, and shows it as work where it has to be migrated first. */
async function openOnBoard<T>(
  open: (watch: MigrationWatch) => Promise<T>,
  board: WorkBoard,
  watch: MigrationWatch,
): Promise<T> {
  let work: Work | undefined;
  try {
    return await open((progress) => {
      work ??= board.begin('migration');
      work.progress(progress.done, progress.detail);
      watch(progress);
    });
  } finally {
    work?.end();
  }
}

/** Events that were answered while the configuration named a SQL Server are not forgotten because it names a file now. */
function warnOfLeftovers(folder: string, logger: Logger): void {
  const left = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.db')) : [];
  if (left.length === 0) return;
  logger.warn(
    `${folder} holds events that wait for a SQL Server, and insights.database names none: start with its address once to ship them.`,
  );
}

const nameOf = ({ host, port, database }: { host: string; port: number; database: string }): string =>
  `${host.toLowerCase()}:${port}/${database}`;
