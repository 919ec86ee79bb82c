// Prints the events of an INBOX and lives as long as it waits for them: listener.ts MAILDIR INDEX
import { INBOX, openMailStore } from '../../src/index.ts';

const [, , maildir = '', indexFile = ''] = process.argv;
const store = await openMailStore({ maildir, indexFile });
if (!store.ok) throw new Error(store.error.message);
const inbox = await store.value.open(INBOX);
if (!inbox.ok) throw new Error(inbox.error.message);
process.stdout.write('ready\n');
process.stdin.unref();
for await (const event of inbox.value.events()) process.stdout.write(`${event.kind}\n`);
