// Prints what happens in a mailbox until Ctrl-C, whoever does it: node follow.ts /mail/alice/Maildir [MAILBOX]
import { openMailStore, parseMailboxName } from '@scorpiox/maildir';

const [maildir, mailboxName = 'INBOX'] = process.argv.slice(2);
if (maildir === undefined) throw new Error('usage: node follow.ts MAILDIR [MAILBOX]');
const name = parseMailboxName(mailboxName);
if (!name.ok) throw new Error(name.error.message);
const opened = await openMailStore({ maildir, indexFile: `${maildir}.index.db` });
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const mailbox = await store.open(name.value);
if (!mailbox.ok) throw new Error(mailbox.error.message);
process.stdout.write(`${mailbox.value.uids().length} messages in ${mailboxName}\n`);
for await (const event of mailbox.value.events({ signal: stop.signal })) {
  switch (event.kind) {
    case 'arrived':
    case 'flags':
      process.stdout.write(`${event.kind} ${event.message.uid} ${[...event.message.flags].join(' ')}\n`);
      break;
    case 'expunged':
      process.stdout.write(`expunged ${event.uid}\n`);
      break;
    case 'keywords':
      process.stdout.write(`keywords ${event.keywords.join(' ')}\n`);
      break;
    case 'lost':
      process.stdout.write(`${event.error.message}\n`);
  }
}
await store.close();
