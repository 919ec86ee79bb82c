import { defineConfig } from 'vitest/config';
import { workspaceTests } from './scripts/vitest-shared.ts';

// Two files at once: each starts servers and browsers of its own on ports of its own, and waits more than it computes.
export default defineConfig(workspaceTests('platform', { testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 2 }));
