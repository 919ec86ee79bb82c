// Repositories to look through, the same at each run.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WORDS =
  'import export const function return await github volumes path home user data server client test value index file mail folder'.split(
    ' ',
  );

/** Files of code in one repository, a hundred to a folder, 4 KB on average; one in so many says the path. */
export function makeRepository(root: string, files: number, oneIn: number): void {
  let state = 1;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state % limit;
  };
  for (let number = 0; number < files; number += 1) {
    const folder = join(root, `part${Math.floor(number / 2_000)}`, `folder${Math.floor(number / 100)}`);
    if (number % 100 === 0) mkdirSync(folder, { recursive: true });
    const length = 200 + Math.floor((below(1_000) / 1_000) ** 3 * 15_000);
    let text = '';
    while (text.length < length) text += `${WORDS[below(WORDS.length)]}${below(8) === 0 ? '\n' : ' '}`;
    if (number % oneIn === 0) text += '\nconst root = "/Volumes/GitHub/app";\n';
    writeFileSync(join(folder, `file${number}.ts`), text);
  }
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
  git('init');
  git('add', '--all');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.org', 'commit', '--message=all');
}

/** One file, of which the last line says the path. */
export function makeLargeFile(file: string, octets: number): void {
  const block = Buffer.from(`${WORDS.join(' ')}\n`.repeat(8_000));
  for (let written = 0; written < octets; written += block.length) writeFileSync(file, block, { flag: 'a' });
  writeFileSync(file, '/Volumes/GitHub\n', { flag: 'a' });
}
