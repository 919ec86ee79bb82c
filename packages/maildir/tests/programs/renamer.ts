// Renames the only file of a Maildir's cur/ between names in a tight loop until it is killed: renamer.ts MAILDIR
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const cur = join(process.argv[2] ?? '', 'cur');
const [first = ''] = readdirSync(cur);
const base = first.slice(0, first.indexOf(':'));
let current = first;
const rename = (flags: string): void => {
  const next = `${base}:2,${flags}`;
  try {
    renameSync(join(cur, current), join(cur, next));
    current = next;
  } catch {
    // The other side renamed it: take it up again where it is now.
    current = readdirSync(cur).find((name) => name.startsWith(base)) ?? current;
  }
};
process.stdout.write('ready\n');
for (;;) for (const flags of ['S', 'FS', 'F', '']) rename(flags);
