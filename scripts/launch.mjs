// Starts a command under the Node that the project brings (24), whatever Node runs this file.
//
//   node scripts/launch.mjs <command> [argument ...]    command: a name in node_modules/.bin, `node`, or `start`
//
// Plain JavaScript on purpose: it has to run on Node 20, before any TypeScript can. It is also the one place
// that knows where that Node is: every npm script and the scorpiox bins go through it. See docs/adr/0001-node.md.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = [24, 7]; // node:crypto argon2 and unflagged type stripping
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(join(root, 'package.json'));

/**
 * The folder of the project's own Node, or undefined where its platform package is not installed or not wanted.
 * @returns {string | undefined}
 */
export function bundledNodeFolder(env = process.env, platform = `${process.platform}-${process.arch}`) {
  if (env.SCORPIOX_NODE === 'system') return undefined;
  try {
    const folder = join(dirname(require.resolve(`node-${platform}/package.json`)), 'bin');
    return existsSync(join(folder, 'node')) ? folder : undefined;
  } catch {
    return undefined; // not a platform with such a package, or installed with --omit=optional
  }
}

/** Whether this version of Node can run the platform by itself. */
export function isNewEnough(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/**
 * The environment for the command: the project's Node first in PATH, then the project's tools.
 * @param {NodeJS.ProcessEnv} env
 * @param {string | undefined} nodeFolder
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(env, nodeFolder) {
  const path = [nodeFolder, join(root, 'node_modules', '.bin'), env.PATH].filter(Boolean).join(delimiter);
  const noise = '--disable-warning=ExperimentalWarning'; // node:sqlite and type stripping are stable enough for us (ADR 1)
  const options = (env.NODE_OPTIONS ?? '').includes(noise)
    ? env.NODE_OPTIONS
    : `${env.NODE_OPTIONS ?? ''} ${noise}`.trim();
  // Stripping types and compiling is half of a start. Node keeps what comes of it, by content, version and user, and does
  // without where it may not write.
  const cache = env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node');
  const ours = { PATH: path, NODE_OPTIONS: options, NODE_COMPILE_CACHE: cache, TURBO_TELEMETRY_DISABLED: '1' };
  // What is no part of the project (a session's shell) is to find the machine's own Node, and gets these back.
  const before = Object.fromEntries(Object.keys(ours).map((name) => [name, env[name] ?? null]));
  return { ...env, ...ours, SCORPIOX_LAUNCHED: JSON.stringify(before) };
}

/**
 * Runs the command and ends this process as the command ended.
 * @param {string} command
 * @param {readonly string[]} args
 */
export function launch(command, args) {
  const nodeFolder = bundledNodeFolder();
  if (nodeFolder === undefined && !isNewEnough()) {
    process.stderr.write(
      `Scorpiox needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}, and the project's own Node is not installed.\n` +
        'Run `npm ci` without --omit=optional, or install a newer Node.\n',
    );
    process.exit(69);
  }
  const child = spawn(command, args, { stdio: 'inherit', env: environment(process.env, nodeFolder) });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Cannot start ${command}: ${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

const invoked = process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url);
if (invoked) {
  const [command, ...args] = process.argv.slice(2);
  if (command === undefined) {
    process.stderr.write('usage: node scripts/launch.mjs <command> [argument ...]\n');
    process.exit(64);
  }
  launch(command, args);
}
