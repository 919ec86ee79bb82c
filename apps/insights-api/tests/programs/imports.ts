// Imports the table Requests of a data folder's imports/old.db to its end, or is killed at a page: the arguments are the
// folder, the page's number (0: never), and whether it dies before the page is written or after its commit.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openControl } from '@scorpiox/shared/database';
import { Imports } from '../../src/imports/imports.ts';
import { openSource } from '../../src/imports/open-source.ts';
import { ProgressFiles } from '../../src/imports/progress-files.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { WorkBoard } from '../../src/work/board.ts';

const [folder = '', page = '0', moment = 'after'] = process.argv.slice(2);
const file = join(folder, 'insights.db');
const opened = await openControl({ kind: 'sqlite', file });
if (!opened.ok) throw new Error(opened.error.message);
await opened.value.setRetention('shop', 3650);
const store = openSqliteStore(file);
let pages = 0;
const dieAt = (now: string) => {
  if (pages === Number(page) && now === moment) process.kill(process.pid, 'SIGKILL');
};
const imports = new Imports({
  files: new ProgressFiles(join(folder, 'imports', 'progress')),
  openSource: (request) => openSource(join(folder, 'imports'), request),
  openSink: async () => ({
    store: {
      ...store,
      async write(submissions) {
        pages += 1;
        dieAt('before');
        const outcomes = await store.write(submissions);
        dieAt('after');
        return outcomes;
      },
    },
    close: async () => {},
  }),
  control: opened.value,
  board: new WorkBoard(Date.now),
  now: Date.now,
  pause: async () => {},
});
const started = await imports.start({ source: 'old.db', table: 'Requests' });
if (!started.ok) throw new Error(started.error.message);
while (imports.running !== undefined) await sleep(5);
process.stdout.write(JSON.stringify(imports.states()[0]));
await store.close();
await opened.value.close();
process.exit(0);
