// Appends messages to INBOX, without end or as many as told, and says each UID once it is answered:
// appender.ts MAILDIR INDEX PREFIX [COUNT]
import { INBOX, openMailStore } from '../../src/index.ts';

const [, , maildir = '', indexFile = '', prefix = '', limit = 'Infinity'] = process.argv;
const opened = await openMailStore({ maildir, indexFile });
if (!opened.ok) throw new Error(opened.error.message);
process.stdout.write('ready\n');
for (let count = 0; count < Number(limit); count += 1) {
  const subject = `${prefix}-${count}`;
  const body = 'A line of the body.\n'.repeat(500);
  const content = Buffer.from(`Subject: ${subject}\n\n${body}end of ${subject}\n`);
  const appended = await opened.value.append(INBOX, { content, length: content.length });
  if (!appended.ok) throw new Error(appended.error.message);
  process.stdout.write(`${appended.value.uid} ${subject}\n`);
}
await opened.value.close();
