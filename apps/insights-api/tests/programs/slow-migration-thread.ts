// The thread that migrates, except that it stands still before the end of its last step: until the file FILE.go is there,
// or, where FILE.endless is, in a statement that has no end.
import { existsSync } from 'node:fs';
import { MIGRATIONS, type Migration } from '@scorpiox/shared/database';
import { migrationHandlers } from '../../src/store/sqlite/migration-handlers.ts';
import { serveThread } from '../../src/threads/server.ts';

const LOOK_MS = 10;
const last = MIGRATIONS.at(-1);
if (last === undefined) throw new Error('no migrations');

const slow: Migration = {
  ...last,
  reads: ['rollups'],
  move(db, step) {
    last.move?.(db, step);
    step(1_000);
    const file = db.location() ?? '';
    if (existsSync(`${file}.endless`)) {
      db.exec('WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n');
    }
    while (!existsSync(`${file}.go`)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  },
};

serveThread(migrationHandlers([...MIGRATIONS.slice(0, -1), slow]));
