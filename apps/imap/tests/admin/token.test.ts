import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readToken } from '../../src/admin/token.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-'));
  file = join(folder, 'imap-admin.token');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('is made once, for nobody else to read', async () => {
  const made = await Promise.all([readToken(file), readToken(file), readToken(file)]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const text = (await readFile(file, 'utf8')).trim();
  expect(text.length).toBeGreaterThanOrEqual(43); // 32 octets
  for (const token of [...made, await readToken(file)]) expect(token.isIn(`Bearer ${text}`)).toBe(true);
  expect((await readFile(file, 'utf8')).trim()).toBe(text);
});

test.each([
  ['that others can read', 'x'.repeat(40), 0o640, /chmod 600/],
  ['that is short', 'password', 0o600, /remove it/],
  ['that is empty', '', 0o600, /remove it/],
  ['of several words', `${'x'.repeat(40)} y`, 0o600, /remove it/],
])('a file %s is refused', async (_, text, mode, sentence) => {
  await writeFile(file, text);
  await chmod(file, mode);
  await expect(readToken(file)).rejects.toThrow(sentence);
});

test('a place that cannot be written is a sentence', async () => {
  await expect(readToken(join(folder, 'missing', 'token'))).rejects.toThrow(/cannot be read or made: ENOENT/);
});
