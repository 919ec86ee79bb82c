// The API, except that it is killed between the first commit and its answer: the moment that loses answers.
// Started by ../exactly-once.test.ts with the database's file as its argument.
import { openControl } from '@scorpiox/shared/database';
import { pino } from 'pino';
import { buildApp } from '../../src/http/app.ts';
import { Admission } from '../../src/ingest/admission/admission.ts';
import { Budget } from '../../src/ingest/budget.ts';
import { Ingest } from '../../src/ingest/ingest.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { WorkBoard } from '../../src/work/board.ts';
import { GroupCommit } from '../../src/writer/group-commit.ts';
import { testAlerts } from '../helpers/alerts.ts';
import { NO_ACCOUNTS } from '../helpers/no-accounts.ts';
import { noImports } from '../helpers/no-imports.ts';
import { noLive } from '../helpers/no-live.ts';
import { NO_PLATFORM } from '../helpers/no-platform.ts';

const file = process.argv[2] ?? '';
const opened = await openControl({ kind: 'sqlite', file });
if (!opened.ok) throw new Error(opened.error.message);
const store = openSqliteStore(file);
const writer = new GroupCommit({
  async write(submissions) {
    const outcomes = await store.write(submissions);
    process.kill(process.pid, 'SIGKILL');
    return outcomes;
  },
});
const deps = {
  control: opened.value,
  accounts: NO_ACCOUNTS,
  store,
  writer,
  live: noLive,
  ingest: new Ingest(new Admission(opened.value, () => performance.now()), writer, Date.now),
  memory: new Budget(2 ** 30),
  now: Date.now,
  publicUrl: 'http://127.0.0.1',
  trustProxy: [],
  dashboard: undefined,
  isReady: () => true,
  board: new WorkBoard(Date.now),
  imports: noImports,
  platform: NO_PLATFORM,
  ...testAlerts(opened.value),
};
const app = await buildApp(deps, pino({ level: 'silent' }));
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ type: 'ready', addresses: [address] });
