// docs/rfc-dialogues.md names tests that are there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/process.ts';

/** The `file` title pairs of the tables' last column; what stands there without a file is a reason. */
function namedTests(): { file: string; title: string }[] {
  const rows = readFileSync(join(ROOT, 'docs/rfc-dialogues.md'), 'utf8').split('\n');
  const cells = rows
    .filter((row) => /^\| [0-9]/.test(row))
    .map((row) => row.split(' | ').at(-1)?.replace(/ \|$/, '') ?? '');
  return cells.flatMap((cell) =>
    [...cell.matchAll(/`(\w+\/[\w-]+)` ?([^;`]*)/g)].map(([, file = '', title = '']) => ({
      file,
      title: title.trim(),
    })),
  );
}

test('each test that the tables name is there, by file and by how its title begins', () => {
  const named = namedTests();
  expect(named.length).toBeGreaterThan(80);
  const missing = named.filter(({ file, title }) => {
    const path = join(ROOT, 'apps/imap/tests', `${file}.test.ts`);
    // Titles are written in quotes of either kind, with backslashes doubled.
    return !existsSync(path) || !readFileSync(path, 'utf8').includes(title.replace(/,$/, ''));
  });
  expect(missing).toEqual([]);
});
