import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UserText } from '../../src/text/handles.ts';

test('a damaged text index is removed by the first who meets it; whoever meets it later leaves the new one alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'text-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place = { maildir: folder, indexFile: join(folder, 'index.db'), textFile: join(folder, 'text.db') };
  const told: string[] = [];
  const open = () => {
    const user = new UserText(place, (_, { code }) => told.push(code));
    onTestFinished(() => user.close());
    user.text(true);
    return user;
  };
  const [first, second] = [open(), open()];
  const damage = new Error('database disk image is malformed');
  first.discard(damage);
  first.text(true);
  const { ino } = statSync(place.textFile);
  second.discard(damage);
  second.text(true);
  expect(statSync(place.textFile).ino).toBe(ino);
  expect(told).toEqual(['text-index-removed']);
});
