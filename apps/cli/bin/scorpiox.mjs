#!/usr/bin/env node
// npm links this file as `scorpiox`. It runs on any Node ≥ 20 and starts the TypeScript under the project's Node.

import { fileURLToPath } from 'node:url';
import { launch } from '../../../scripts/launch.mjs';

launch('node', [fileURLToPath(new URL('../src/main.ts', import.meta.url)), ...process.argv.slice(2)]);
