import { type ServerOptions, startServer } from './server.ts';
import { onStop } from './shutdown.ts';

/** Exit codes after sysexits.h. */
export const EXIT = { ok: 0, failed: 1, usage: 64, unavailable: 69 } as const;

export function fail(code: number, message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

/**
 * Runs the server as this process: tells the process that started it how far the start is and when it is over, and ends
 * the process when it is told to stop, cannot start or cannot go on.
 */
export async function runServer(options: Omit<ServerOptions, 'signal' | 'onStarting'>): Promise<void> {
  const { logger } = options;
  const stop = new AbortController();
  onStop((reason) => {
    logger.info({ reason }, 'stopping');
    stop.abort();
  });
  const onStarting: ServerOptions['onStarting'] = (work) => process.send?.({ type: 'starting', work });
  const started = await startServer({ ...options, signal: stop.signal, onStarting });
  if (!started.ok && started.error.code === 'stopped') endBySignal();
  if (!started.ok) fail(EXIT.unavailable, started.error.message);
  const server = started.value;
  const end = async (code: number) => {
    await server.close();
    logger.info('stopped');
    process.exit(code);
  };
  if (stop.signal.aborted) await end(EXIT.ok);
  stop.signal.addEventListener('abort', () => void end(EXIT.ok));
  logger.info({ addresses: server.addresses }, 'listening');
  process.send?.({ type: 'ready', addresses: server.addresses });
  void server.failed.then((error) => {
    logger.fatal({ reason: error.message }, 'the database thread ended');
    return end(EXIT.failed);
  });
}

/**
 * Ends the process as the signal itself would have: an exit waits for threads, and one in the middle of a long statement
 * hears of nothing before its end. What it was doing is undone, as by any death. The first process of a container is
 * deaf to such signals, hence the exit.
 */
function endBySignal(): never {
  process.removeAllListeners('SIGTERM');
  process.kill(process.pid, 'SIGTERM');
  process.exit(EXIT.failed);
}
