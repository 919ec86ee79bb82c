// A second process with INBOX open, doing what it is told line by line: session.ts MAILDIR INDEX
import { createInterface } from 'node:readline';
import { type FlagChange, INBOX, openMailStore, type StoreResult } from '../../src/index.ts';

const [, , maildir = '', indexFile = ''] = process.argv;
function value<T>(result: StoreResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
const store = value(await openMailStore({ maildir, indexFile }));
const inbox = value(await store.open(INBOX));
const show = (): string =>
  JSON.stringify([...inbox.states()].map(({ uid, flags }) => ({ uid, flags: [...flags].sort() })));

const commands: Record<string, (argument: string) => Promise<string>> = {
  show: async () => show(),
  append: async (subject) => String(value(await inbox.append({ content: Buffer.from(`Subject: ${subject}\n\n`) })).uid),
  flag: async (text) => {
    const change: FlagChange = { operation: 'add', flags: text.split(' ') };
    value(
      await inbox.store(
        [...inbox.states()].map(({ uid }) => uid),
        change,
      ),
    );
    return show();
  },
  expunge: async () => JSON.stringify(value(await inbox.expunge())),
  waitFor: (text) =>
    new Promise((resolve) => {
      const check = (): void => {
        if (show() === text) resolve('seen');
      };
      inbox.onChange(check);
      check();
    }),
};

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const at = line.indexOf(' ');
  const command = commands[at < 0 ? line : line.slice(0, at)];
  if (command === undefined) throw new Error(`Unknown command: ${line}`);
  process.stdout.write(`${await command(at < 0 ? '' : line.slice(at + 1))}\n`);
}
await store.close();
