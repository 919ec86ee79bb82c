import { defineConfig } from 'vitest/config';
import { workspaceTests } from './scripts/vitest-shared.ts';

// Files one after the other: each starts servers and browsers of its own, and the workspaces' tests run beside them.
export default defineConfig(workspaceTests('platform', { testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 1 }));
