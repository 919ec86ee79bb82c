#!/usr/bin/env node
// npm links this file as `scorpiox`. It runs on any Node ≥ 20 and starts the TypeScript under the project's Node.

import { fileURLToPath } from 'node:url';
import { launch } from '../../../scripts/launch.mjs';

// Commands that go through all of somebody's mail are to stay below 200 MB. Without the first V8 collects what is done with so
// late that 60,000 messages leave it with twice that; the second bounds its young generation, MiB.
const THRIFT = ['--optimize-for-size', '--max-semi-space-size=4'];

launch('node', [...THRIFT, fileURLToPath(new URL('../src/main.ts', import.meta.url)), ...process.argv.slice(2)]);
