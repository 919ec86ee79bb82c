// Builds a user's text index and says how many texts of how many messages it has. Arguments: Maildir, index.
import { openMailStore, textWorker } from '../../src/index.ts';

const [, , maildir = '', indexFile = ''] = process.argv;
const text = textWorker();
const opened = await openMailStore({ maildir, indexFile, text });
if (!opened.ok) throw new Error(opened.error.message);
const built = await opened.value.buildTextIndex();
if (!built.ok) throw new Error(built.error.message);
const [inbox] = built.value.mailboxes;
process.stdout.write(`${inbox?.indexed} of ${inbox?.messages}\n`);
await opened.value.close();
await text.close();
