// What every workspace's vitest run has in common: where its results go, so that they can be counted together.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

/** The folder of the result files; `scripts/count-tests.ts` reads it. */
export const RESULTS = fileURLToPath(new URL('../.test-results/', import.meta.url));

/** The vitest configuration of one workspace. */
export function workspaceTests(name: string, more: ViteUserConfig['test'] = {}): ViteUserConfig {
  mkdirSync(RESULTS, { recursive: true });
  return {
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
