// The insights API as a process: node src/main.ts [--config FILE]
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Config, describeConfigErrors, loadConfig } from '@scorpiox/shared/config';
import { pino } from 'pino';
import { startServer } from './server.ts';
import { onStop } from './shutdown.ts';

/** Exit codes after sysexits.h. */
const EXIT = { ok: 0, failed: 1, usage: 64, unavailable: 69 } as const;

function fail(code: number, message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

function readConfig(): Config {
  let file: string | undefined;
  try {
    file = parseArgs({ options: { config: { type: 'string' } } }).values.config;
  } catch (error) {
    fail(EXIT.usage, `${error instanceof Error ? error.message : error}\nusage: insights-api [--config FILE]`);
  }
  const loaded = loadConfig({ flags: { config: file } });
  return loaded.ok ? loaded.value : fail(EXIT.usage, describeConfigErrors(loaded.error));
}

/** The built dashboard: beside the built server, or in its own workspace when run from the source tree. */
function findDashboard(): string | undefined {
  const folders = ['./web', '../../insights-web/dist'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return folders.find((folder) => existsSync(`${folder}/index.html`));
}

const logger = pino(
  { redact: ['req.headers.authorization', 'req.headers.cookie'] },
  pino.destination({ fd: 1, sync: true }),
);
const started = await startServer({ config: readConfig(), logger, dashboard: findDashboard() });
if (!started.ok) fail(EXIT.unavailable, started.error.message);
const server = started.value;
logger.info({ addresses: server.addresses }, 'listening');
process.send?.({ type: 'ready', addresses: server.addresses });

const end = async (code: number) => {
  await server.close();
  logger.info('stopped');
  process.exit(code);
};
onStop((reason) => {
  logger.info({ reason }, 'stopping');
  void end(EXIT.ok);
});
void server.failed.then((error) => {
  logger.fatal({ reason: error.message }, 'the database thread ended');
  return end(EXIT.failed);
});
