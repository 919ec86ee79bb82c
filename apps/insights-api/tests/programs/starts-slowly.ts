// The API as a process, except that its migrations stand still where slow-migration-thread.ts says. The messages to whoever
// started it are those of the real program; so is what becomes of a start that fails or is stopped.
import { loadConfig } from '@scorpiox/shared/config';
import { pino } from 'pino';
import { runServer } from '../../src/run-server.ts';
import { bringUpInThread } from '../../src/store/sqlite/bring-up.ts';

const config = loadConfig({ flags: {} });
if (!config.ok) throw new Error('no configuration');
const PROGRAM = new URL('./slow-migration-thread.ts', import.meta.url);
await runServer({
  config: config.value,
  logger: pino(pino.destination({ fd: 1, sync: true })),
  dashboard: undefined,
  bringUp: async (location, watch, signal) => {
    if (location.kind !== 'sqlite') throw new Error('for the embedded database only');
    return bringUpInThread(location.file, watch, signal, PROGRAM);
  },
});
