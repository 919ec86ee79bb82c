import { defineConfig } from 'vitest/config';
import { workspaceTests } from '../../scripts/vitest-shared.ts';

// `globals`: Testing Library takes its clean-up after each test from there.
export default defineConfig(
  workspaceTests('insights-web', {
    environment: 'happy-dom',
    globals: true,
    setupFiles: ['tests/support/no-canvas.tsx'],
  }),
);
