// Opens a store and says what it sees of a mailbox's identity, then waits to be killed: opener.ts MAILDIR INDEX
import { INBOX, openMailStore } from '../../src/index.ts';

const [, , maildir = '', indexFile = ''] = process.argv;
process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const opened = await openMailStore({ maildir, indexFile });
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.message}`);
  const status = await opened.value.status(INBOX);
  if (!status.ok) throw new Error(`${status.error.code}: ${status.error.message}`);
  const { uidValidity, uidNext, mailboxId, messages } = status.value;
  process.stdout.write(`${JSON.stringify({ uidValidity, uidNext, mailboxId, messages })}\n`);
});
