// Opens INBOX in a process of its own and prints what it took: milliseconds until what SELECT answers is known, and the memory that the
// open mailbox keeps (after collection; --expose-gc) and took at most.
import { readFileSync } from 'node:fs';
import { INBOX, openMailStore } from '../../packages/maildir/src/index.ts';

const [maildir = '', indexFile = ''] = process.argv.slice(2);
const collect = globalThis.gc ?? (() => undefined);

function resident(): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

function peak(): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

function kept(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const store = await openMailStore({ maildir, indexFile });
if (!store.ok) throw new Error(store.error.message);
const before = { kept: kept(), resident: resident() };
const start = performance.now();
const mailbox = await store.value.open(INBOX);
if (!mailbox.ok) throw new Error(mailbox.error.message);
// What SELECT answers (RFC 3501 §6.3.1).
const uids = mailbox.value.uids();
mailbox.value.firstUnseen();
mailbox.value.recent();
const milliseconds = performance.now() - start;
const after = { kept: kept(), resident: resident() };
process.stdout.write(
  `${JSON.stringify({
    milliseconds,
    messages: uids.length,
    kept: after.kept - before.kept,
    resident: after.resident - before.resident,
    peak: peak() - before.resident,
  })}\n`,
);
await store.value.close();
