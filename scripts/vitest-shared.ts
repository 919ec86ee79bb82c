// What every workspace's vitest run has in common: where its results go, so that they can be counted together.
import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { ViteUserConfig } from 'vitest/config';

/** The folder of the result files; `scripts/count-tests.ts` reads it. */
export const RESULTS = fileURLToPath(new URL('../.test-results/', import.meta.url));

const PROPERTY_TESTS = fileURLToPath(new URL('property-tests.ts', import.meta.url));

/** Tests that ask for `fast-check` get it with the project's seed. */
const seeded: Plugin = {
  name: 'seeded-fast-check',
  enforce: 'pre',
  resolveId: (id, importer) => (id === 'fast-check' && importer !== PROPERTY_TESTS ? PROPERTY_TESTS : undefined),
};

const MEMORY = '/dev/shm';
/** Bytes that have to be free there: some times what the largest tests write at once. */
const ROOM = 4 * 2 ** 30;

/**
 * The environment of tests that write very many files: these lie in memory where there is room. They have to outlive
 * processes and no more, and on a disk most of a run is spent on waiting for it.
 */
export function filesInMemory(): Record<string, string> {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM ? { TMPDIR: MEMORY } : {};
  } catch {
    return {}; // other systems have none
  }
}

/** The vitest configuration of one workspace. */
export function workspaceTests(name: string, more: ViteUserConfig['test'] = {}): ViteUserConfig {
  mkdirSync(RESULTS, { recursive: true });
  return {
    plugins: [seeded],
    test: {
      include: ['tests/**/*.test.{ts,tsx}'],
      reporters: ['default', 'json'],
      outputFile: { json: join(RESULTS, `${name}.json`) },
      testTimeout: 60_000,
      hookTimeout: 60_000,
      maxWorkers: 2,
      ...more,
    },
  };
}
