// Makes one change of a Maildir at each line of stdin, as other programs make them, and says what it did: changer.ts MAILDIR
import { readdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [, , maildir = ''] = process.argv;
const cur = join(maildir, 'cur');
let made = 0;

/** The oldest message in cur/. */
function oldest(): string {
  const [name] = readdirSync(cur).sort();
  if (name === undefined) throw new Error('cur/ is empty.');
  return name;
}

const CHANGES: Readonly<Record<string, () => void>> = {
  deliver() {
    made += 1;
    const name = `1700000000.M${String(made).padStart(6, '0')}P1.changer`;
    writeFileSync(join(maildir, 'tmp', name), `Subject: ${made}\n\n`);
    renameSync(join(maildir, 'tmp', name), join(maildir, 'new', name));
  },
  flag() {
    const name = oldest();
    const [base = ''] = name.split(':2,');
    renameSync(join(cur, name), join(cur, `${base}:2,${name.endsWith('F') ? '' : 'F'}`));
  },
  remove() {
    unlinkSync(join(cur, oldest()));
  },
};

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const change = CHANGES[line];
  if (change === undefined) throw new Error(`There is no change ${line}.`);
  change();
  process.stdout.write(`${line}\n`);
}
