// Inserts rows whose key there is already, one after the other, until a unique index refuses one. Prints a line when the
// first is in, and how many got in at the end.
import { openConsole } from '@scorpiox/shared/database/console';

const [file = ''] = process.argv.slice(2);
const opened = await openConsole({ kind: 'sqlite', file }, { tell: () => undefined, lockTimeoutMs: 30_000 });
if (!opened.ok) throw opened.error;
const db = opened.value;
for (let inserted = 0; ; inserted += 1) {
  try {
    await db.run({ text: "INSERT INTO t (k, v) VALUES (@k, 'late')", parameters: { k: inserted % 50 } });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'duplicate') throw error;
    process.stdout.write(`${inserted}\n`);
    break;
  }
  if (inserted === 0) process.stdout.write('first\n');
}
await db.close();
