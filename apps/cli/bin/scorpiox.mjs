#!/usr/bin/env node
// npm links this file as `scorpiox`. It runs on any Node ≥ 20 and starts the TypeScript under the project's Node.

import { fileURLToPath } from 'node:url';
import { launch } from '../../../scripts/launch.mjs';

// V8 lets its young generation grow to three times this, MiB: by itself to 48 and more, which makes the difference for
// commands that go through all of somebody's mail, and the others need none.
const THRIFT = '--max-semi-space-size=4';

launch('node', [THRIFT, fileURLToPath(new URL('../src/main.ts', import.meta.url)), ...process.argv.slice(2)]);
