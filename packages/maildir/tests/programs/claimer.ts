// Claims what is recent in INBOX, a few messages at a time, and says which: claimer.ts MAILDIR INDEX
import { INBOX, openMailStore, type StoreResult } from '../../src/index.ts';

const [, , maildir = '', indexFile = ''] = process.argv;
function value<T>(result: StoreResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
const store = value(await openMailStore({ maildir, indexFile }));
const inbox = value(await store.open(INBOX));
process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const claimed: number[] = [];
  while (inbox.recent().length > 0) {
    claimed.push(...inbox.claimRecent(7));
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.stdout.write(`${JSON.stringify(claimed)}\n`);
});
