import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

const PROGRAM = `const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(process.argv[1]);
db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); ' + process.argv[2]);
process.stdout.write('ready');
process.stdin.resume();
process.stdin.on('end', () => process.exit());`;

/** Another process that has a file of SQLite open, and what it did last still to do; gone with the test. */
export async function holdOpen(
  file: string,
  sql: string,
): Promise<{ readonly pid: number | undefined; end(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, ['-e', PROGRAM, file, sql], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout !== null) await once(child.stdout, 'data');
  return {
    pid: child.pid,
    end: async () => {
      child.stdin?.end();
      await once(child, 'exit');
    },
  };
}
