import { defineConfig } from 'vitest/config';
import { filesInMemory, workspaceTests } from '../../scripts/vitest-shared.ts';

export default defineConfig(workspaceTests('maildir', { env: filesInMemory() }));
