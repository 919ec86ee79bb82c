// The API on a SQL Server, except that it is killed between the first commit of its spool and the answer.
// Started by ../spool/processes.test.ts with the environment of the real program.
import { loadConfig } from '@scorpiox/shared/config';
import { pino } from 'pino';
import { buildApp } from '../../src/http/app.ts';
import { Admission } from '../../src/ingest/admission/admission.ts';
import { Budget } from '../../src/ingest/budget.ts';
import { Ingest } from '../../src/ingest/ingest.ts';
import { openDatabases } from '../../src/open-databases.ts';
import { WorkBoard } from '../../src/work/board.ts';
import { GroupCommit } from '../../src/writer/group-commit.ts';
import { testAlerts } from '../helpers/alerts.ts';
import { NO_ACCOUNTS } from '../helpers/no-accounts.ts';
import { noImports } from '../helpers/no-imports.ts';
import { noLive } from '../helpers/no-live.ts';
import { NO_PLATFORM } from '../helpers/no-platform.ts';

const config = loadConfig({ flags: {} });
if (!config.ok) throw new Error('no configuration');
const logger = pino({ level: 'silent' });
const board = new WorkBoard(Date.now);
const opened = await openDatabases(config.value, { logger, board });
if (!opened.ok) throw new Error(opened.error.message);
const { control, store, spool } = opened.value;
const writer = new GroupCommit({
  async write(submissions) {
    const outcomes = await store.write(submissions);
    process.kill(process.pid, 'SIGKILL');
    return outcomes;
  },
});
const deps = {
  control,
  accounts: NO_ACCOUNTS,
  store,
  writer,
  live: noLive,
  spool,
  ingest: new Ingest(new Admission(control, () => performance.now()), writer, Date.now),
  memory: new Budget(2 ** 30),
  now: Date.now,
  publicUrl: 'http://127.0.0.1',
  trustProxy: [],
  dashboard: undefined,
  isReady: () => true,
  board,
  imports: noImports,
  platform: NO_PLATFORM,
  ...testAlerts(control),
};
const app = await buildApp(deps, logger);
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ type: 'ready', addresses: [address] });
