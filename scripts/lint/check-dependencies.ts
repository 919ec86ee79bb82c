import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly [group: string]: Readonly<Record<string, string>> | undefined;
}

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies'];

/** Dependencies without a line of reason in docs/dependencies.md, and lines without a dependency. */
export function checkDependencies(root: string, manifests: readonly string[]): string[] {
  const used = new Set<string>();
  for (const path of manifests) {
    // A manifest is JSON that npm has already accepted; only its groups of dependencies are read.
    const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
    for (const group of GROUPS) for (const name of Object.keys(manifest[group] ?? {})) used.add(name);
  }
  const document = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  const explained = new Set([...document.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? ''));
  const ours = (name: string) => name.startsWith('@scorpiox/');
  return [
    ...[...used]
      .filter((name) => !ours(name) && !explained.has(name))
      .map((n) => `docs/dependencies.md: no reason for ${n}`),
    ...[...explained].filter((name) => !used.has(name)).map((n) => `docs/dependencies.md: ${n} is no dependency`),
  ];
}
