#!/usr/bin/env node
// npm links this file as `scorpiox-tmux`: `scorpiox tmux` by a name of its own.

import { fileURLToPath } from 'node:url';
import { launch } from '../../../scripts/launch.mjs';

launch('node', [fileURLToPath(new URL('../src/main.ts', import.meta.url)), 'tmux', ...process.argv.slice(2)]);
