// Another program at work: renames the files of a Maildir's cur folder again and again, as a mail reader that sets and
// takes flags does. rename-flags.ts CUR; ends when its standard input does.
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const [cur = ''] = process.argv.slice(2);

function flip(name: string): void {
  const [base = name, flags = ''] = name.split(':2,');
  const others = [...flags].filter((flag) => flag !== 'F');
  const wanted = flags.includes('F') ? others : [...others, 'F'].sort();
  try {
    renameSync(join(cur, name), join(cur, `${base}:2,${wanted.join('')}`));
  } catch (error) {
    // Somebody else renamed it first: there is nothing to flip under this name.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

const timer = setInterval(() => {
  for (const name of readdirSync(cur)) flip(name);
}, 2);
process.stdin.resume().on('end', () => clearInterval(timer));
process.stdout.write('renaming\n');
