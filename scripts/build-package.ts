// `turbo build` of a package: JavaScript and declarations in `dist/`, with a package.json of its own, because Node refuses
// TypeScript below node_modules: what is published is dist/. The folder of the sources is private, so that nobody publishes
// or installs that one by mistake; `npm pack` in dist/ makes what npm installs.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

interface PackageManifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

rmSync('dist', { recursive: true, force: true });
const options = [
  ...['--noEmit', 'false', '--allowImportingTsExtensions', 'false', '--rewriteRelativeImportExtensions'],
  ...['--declaration', '--outDir', 'dist', '--rootDir', 'src', '--sourceMap', 'false'],
];
// In the folder that no check looks into: others read this workspace at the same time.
const project = 'dist/tsconfig.json';
mkdirSync('dist');
writeFileSync(project, JSON.stringify({ extends: '../tsconfig.json', include: ['../src'] }));
const compiled = spawnSync('tsc', ['-p', project, ...options], { stdio: 'inherit' });
rmSync(project);
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

// The manifest of the folder we are in, which npm has read already; its exports are paths of sources.
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as PackageManifest;
const built = Object.entries(manifest.exports).map(([name, source]) => {
  const path = source.replace('./src/', './').replace(/\.ts$/, '');
  return [name, { types: `${path}.d.ts`, default: `${path}.js` }] as const;
});
const { scripts: _scripts, devDependencies: _devDependencies, private: _private, ...published } = manifest;
const result = {
  ...published,
  engines: { node: '>=24.7' },
  exports: Object.fromEntries(built),
  // The declarations name types of Node's; whoever writes JavaScript needs none.
  peerDependencies: { '@types/node': '>=24' },
  peerDependenciesMeta: { '@types/node': { optional: true } },
};
writeFileSync('dist/package.json', `${JSON.stringify(result, undefined, 2)}\n`);
if (existsSync('README.md')) copyFileSync('README.md', 'dist/README.md');
if (existsSync('examples')) cpSync('examples', 'dist/examples', { recursive: true });
copyFileSync('../../LICENSE', 'dist/LICENSE');
