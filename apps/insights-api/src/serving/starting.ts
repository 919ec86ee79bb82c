import type { Config } from '@scorpiox/shared/config';
import { type DatabaseError, isBehind } from '@scorpiox/shared/database';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Logger } from 'pino';
import { buildStartingApp } from '../http/starting.ts';
import { STARTING_LOG_MS, STARTING_TOLD_MS } from '../limits.ts';
import type { BringUp } from '../store/bring-up.ts';
import type { WorkBoard, WorkState } from '../work/board.ts';
import type { Front } from './front.ts';
import { cannotStart, type StartProblem, stopped } from './problem.ts';

/*
 * A start that takes long
 *
 * The database of an older program may take many minutes to be brought to this one's version. Whoever watches the process
 * must be able to tell that from one that hangs, and senders must be told to come again instead of finding no one. So the
 * sockets open at once and something simple answers on them until the API can.
 *
 * A new database, and one that is at its version, take no time: then nothing listens before the API does.
 */

export interface StartingOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly board: WorkBoard;
  readonly front: Front;
  readonly bringUp: BringUp;
  /** Asks the start to stop. */
  readonly signal: AbortSignal;
  /** Told every few seconds while it goes on: the process does not hang. */
  readonly onStarting: (work: readonly WorkState[]) => void;
}

/** What was found on the way: a server that cannot be asked is no reason to end here, for events may wait for it. */
interface Looked {
  readonly unreachable?: DatabaseError;
}

/** Makes sure that the database is at this program's version, with `front` open where that takes time. */
export async function bringDatabaseUp(options: StartingOptions): Promise<Result<Looked, StartProblem>> {
  const { config, logger, board, front } = options;
  const behind = await isBehind(config.insights.database);
  if (!behind.ok) return ok({ unreachable: behind.error });
  if (!behind.value) return ok({});
  // It holds nothing, so nobody need close it; it answers until the API does.
  const app = await buildStartingApp({ board, trustProxy: config.insights.trustProxy }, logger);
  front.answerWith(app.routing);
  const listening = await front.listen();
  return listening.ok ? migrate(options) : listening;
}

async function migrate(options: StartingOptions): Promise<Result<Looked, StartProblem>> {
  const { config, logger, board, bringUp, signal, onStarting } = options;
  logger.info({ addresses: options.front.addresses }, 'listening; the database is being brought to this version');
  const work = board.begin('migration');
  onStarting(board.states());
  const tell = repeatedly(STARTING_TOLD_MS, () => onStarting(board.states()));
  const log = repeatedly(STARTING_LOG_MS, () => logger.info(board.states().map(describe).join('; ')));
  try {
    const outcome = await Promise.race([
      bringUp(config.insights.database, ({ done, detail }) => work.progress(done, detail), signal),
      aborted(signal),
    ]);
    if (outcome === 'aborted') return stopped;
    if (!outcome.ok) return cannotStart(outcome.error.message);
    logger.info('the database is at this version');
    return ok({});
  } finally {
    tell.stop();
    log.stop();
    work.end();
  }
}

function repeatedly(ms: number, act: () => void): { stop(): void } {
  const timer = setInterval(act, ms);
  return { stop: () => clearInterval(timer) };
}

function describe({ name, detail = '', percent, secondsLeft }: WorkState): string {
  const far = percent === null ? '' : ` ${percent} %`;
  const left = secondsLeft === null ? '' : `, about ${secondsLeft} s left`;
  return `${name}${far}${left} (${detail})`;
}

const aborted = (signal: AbortSignal): Promise<'aborted'> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
