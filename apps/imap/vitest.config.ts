import { defineConfig } from 'vitest/config';
import { workspaceTests } from '../../scripts/vitest-shared.ts';

export default defineConfig(workspaceTests('imap'));
