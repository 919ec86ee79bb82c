// Appends messages to INBOX at the same time, and says each UID once it is answered: group-appender.ts MAILDIR INDEX COUNT
import { INBOX, openMailStore } from '../../src/index.ts';

const [, , maildir = '', indexFile = '', count = ''] = process.argv;
const opened = await openMailStore({ maildir, indexFile });
if (!opened.ok) throw new Error(opened.error.message);
process.stdout.write('ready\n');
const append = async (number: number): Promise<void> => {
  const appended = await opened.value.append(INBOX, { content: Buffer.from(`Subject: ${number}\n\nbody\n`) });
  if (!appended.ok) throw new Error(appended.error.message);
  process.stdout.write(`answer ${appended.value.uid}\n`);
};
await Promise.all(Array.from({ length: Number(count) }, (_, number) => append(number)));
await opened.value.close();
