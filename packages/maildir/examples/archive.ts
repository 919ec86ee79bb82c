// Moves what is older than a year from INBOX to Archive: node archive.ts /mail/alice/Maildir
import { INBOX, openMailStore, parseMailboxName, type StoreResult, type Uid } from '@scorpiox/maildir';

const YEAR = 365 * 24 * 3_600_000;

function value<T>(result: StoreResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const [maildir] = process.argv.slice(2);
if (maildir === undefined) throw new Error('usage: node archive.ts MAILDIR');
const store = value(await openMailStore({ maildir, indexFile: `${maildir}.index.db` }));
const archive = value(parseMailboxName('Archive'));
const created = await store.create(archive, '\\Archive');
if (!created.ok && created.error.code !== 'mailbox-exists') throw new Error(created.error.message);

const inbox = value(await store.open(INBOX));
const old: Uid[] = [];
for await (const records of inbox.records()) {
  for (const { uid, internalDate } of records) if (internalDate < Date.now() - YEAR) old.push(uid);
}
const { pairs } = value(await inbox.move(old, archive));
process.stdout.write(`${pairs.length} messages moved\n`);
await store.close();
