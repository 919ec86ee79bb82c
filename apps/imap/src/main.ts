/**
 * The IMAP server: reads the configuration, and serves in this process or by workers, until it is told to stop.
 *
 * Exit codes: `EXIT` of process.ts.
 */
import { parseArgs } from 'node:util';
import { type Config, describeConfigErrors, loadConfig } from '@scorpiox/shared/config';
import { EXIT, runProcess, StartError, stopSignal } from './process.ts';

function readConfig(): Config {
  const config = loadConfig({ env: process.env, flags: readFlags() });
  if (!config.ok) throw new StartError(describeConfigErrors(config.error), EXIT.usage);
  return config.value;
}

function readFlags(): Record<string, string> {
  try {
    const { values } = parseArgs({ options: { config: { type: 'string' } } });
    return values.config === undefined ? {} : { config: values.config };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'Bad arguments.';
    throw new StartError(`${why}\nusage: main.ts [--config FILE]`, EXIT.usage);
  }
}

await runProcess(async () => {
  // First of all: one that came while it starts would otherwise end this process on the spot, and leave its workers behind.
  const stopped = stopSignal();
  const config = readConfig();
  // Each by itself: the process that only listens holds nothing of what serves.
  if (config.imap.workers === 1) await (await import('./one-process.ts')).serveAlone(config, stopped);
  else await (await import('./primary.ts')).serveByWorkers(config, stopped);
});
