// The insights API as a process: node src/main.ts [--config FILE]
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Config, describeConfigErrors, loadConfig } from '@scorpiox/shared/config';
import { pino } from 'pino';
import { EXIT, fail, runServer } from './run-server.ts';

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
await runServer({ config: readConfig(), logger, dashboard: findDashboard() });
