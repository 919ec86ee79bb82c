// `turbo build` of a server or the CLI: one folder, `dist/`, that runs by itself under Node, without node_modules.
//
//   node ../../scripts/build-app.ts src/main.ts [src/a/worker-thread.ts …]     (in the app's folder)
//
// Every entry becomes dist/<its base name>.js, side by side, so that `new URL('./worker-thread.js', import.meta.url)` finds it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';

interface AppManifest {
  readonly name: string;
  readonly version: string;
}

const entries = process.argv.slice(2);
const out = 'dist';
rmSync(out, { recursive: true, force: true });

const bundle = await rolldown({
  input: Object.fromEntries(entries.map((entry) => [basename(entry, '.ts'), entry])),
  platform: 'node',
  logLevel: 'warn',
  // Optional peers of the database drivers that are asked for inside a try block and are not installed.
  external: [/^node:/],
});
await bundle.write({
  dir: out,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  sourcemap: true,
  // CommonJS dependencies inside the bundle call require() for Node's own modules.
  banner:
    "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
});
await bundle.close();

// The manifest of the folder we are in, which npm has read already.
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as AppManifest;
const manifest = { name, version, private: true, type: 'module', main: 'main.js', engines: { node: '>=24.7' } };
writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
