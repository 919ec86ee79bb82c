import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readText } from '../../src/text/read-text.ts';

test('a link that takes the place of a message is not read for the text index', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-maildir-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [file, link] = [join(folder, 'file'), join(folder, 'link')];
  writeFileSync(file, 'Subject: secret\n\nSecret.\n');
  symlinkSync(file, link);
  expect(Buffer.from((await readText(file, 1)).body).toString()).toContain('SECRET');
  await expect(readText(link, 1)).rejects.toMatchObject({ code: 'ELOOP' });
  await expect(readText(folder, 1)).rejects.toMatchObject({ code: 'EISDIR' });
});
