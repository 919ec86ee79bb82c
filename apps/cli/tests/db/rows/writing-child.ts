// Inserts and changes rows of `requests` as an application does that knows of no other column than the duration, until its
// standard input ends. Prints a line when the first is in.
import { openConsole } from '@scorpiox/shared/database/console';

const [file = ''] = process.argv.slice(2);
const opened = await openConsole({ kind: 'sqlite', file }, { tell: () => undefined, lockTimeoutMs: 30_000 });
if (!opened.ok) throw opened.error;
const db = opened.value;
let isEnded = false;
process.stdin.resume().on('end', () => {
  isEnded = true;
});
for (let written = 0; !isEnded; written += 1) {
  const duration = `00:00:${String(written % 60).padStart(2, '0')}.25`;
  await db.run({ text: "INSERT INTO requests (duration, note) VALUES (@duration, 'late')", parameters: { duration } });
  await db.run({
    text: 'UPDATE requests SET duration = @duration WHERE id = @id',
    parameters: { duration, id: (written * 7) % 6_000 },
  });
  if (written === 0) process.stdout.write('first\n');
  await new Promise((resolve) => setTimeout(resolve, 2)); // others get their turn
}
await db.close();
