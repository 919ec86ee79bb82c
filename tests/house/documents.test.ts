import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDependencies } from '../../scripts/lint/check-dependencies.ts';
import { checkDocuments } from '../../scripts/lint/check-documents.ts';

function folderWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'house-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('a document that names a missing file is found, by quote and by link', () => {
  const root = folderWith({
    'README.md':
      'See `apps/gone/main.ts`, [a page](docs/gone.md), `docs/here.md`, `apps/<name>/x`, [web](https://a.b/c).',
    'docs/here.md': 'back to [the start](../README.md#top)',
  });
  expect(checkDocuments(root, ['README.md', 'docs/here.md'])).toEqual([
    'README.md: names apps/gone/main.ts, which does not exist',
    'README.md: names docs/gone.md, which does not exist',
  ]);
});

test('a dependency without a reason, and a reason without a dependency, are found', () => {
  const root = folderWith({
    'package.json': '{"dependencies":{"a":"1","@scorpiox/shared":"1"},"devDependencies":{"b":"1"}}',
    'docs/dependencies.md': '| package | reason |\n|---|---|\n| `b` | tests |\n| `c` | gone |\n',
  });
  expect(checkDependencies(root, ['package.json'])).toEqual([
    'docs/dependencies.md: no reason for a',
    'docs/dependencies.md: c is no dependency',
  ]);
});
