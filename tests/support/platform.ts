// The whole platform as `npm start` runs it, on free ports and a folder of its own, and the CLI against it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finished, ROOT, type RunOptions, run } from './process.ts';

const CLI = join(ROOT, 'apps/cli/src/main.ts');

interface Ports {
  readonly imap: number;
  readonly imaps: number;
  readonly lmtp: number;
  readonly admin: number;
  readonly api: number;
  /** The API over TLS. */
  readonly apiTls: number;
}

export interface Platform {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly env: NodeJS.ProcessEnv;
  /** The certificate to trust. */
  readonly ca: string;
  /** Everything that `scorpiox up` printed so far. */
  output(): string;
  readonly process: ChildProcess;
  /** The CLI on the same data folder. */
  cli(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Adds a user; the password is `secret of <name>`. */
  addUser(name: string, ...more: readonly string[]): Promise<void>;
  /** Stops cleanly and returns the exit code. */
  stop(): Promise<number | null>;
}

/** The password of a test's user. */
export const passwordOf = (name: string): string => `secret of ${name}`;

/** Ports that nobody listens on: all are taken before any is given back, so no two are the same. */
async function freePorts(): Promise<[number, number, number, number, number, number]> {
  const taken = await Promise.all(Array.from({ length: 6 }, takePort));
  const ports = taken.map(({ port }) => port);
  await Promise.all(taken.map(({ release }) => release()));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = ports;
  return [a, b, c, d, e, f];
}

async function takePort(): Promise<{ readonly port: number; release(): Promise<unknown> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  const release = () => {
    server.close();
    return once(server, 'close');
  };
  return { port: address.port, release };
}

/** This process's environment without any configuration of Scorpiox, and with `settings`. */
export function cleanEnv(settings: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('SCORPIOX_'));
  // Nor what `scorpiox login` may have kept for the person who runs the tests.
  return {
    ...Object.fromEntries(kept),
    XDG_CONFIG_HOME: '/nowhere',
    NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    ...settings,
  };
}

async function until(condition: () => boolean, child: ChildProcess, what: () => string): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null) throw new Error(`the platform ended with ${child.exitCode}:\n${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** `scorpiox up`, started directly. */
const UP: readonly [string, ...string[]] = [process.execPath, CLI, 'up'];

/** Starts the platform by `command` and waits until it says where everything is. */
export async function startPlatform(
  args: readonly string[] = [],
  settings: NodeJS.ProcessEnv = {},
  [command, ...words] = UP,
  cwd?: string,
): Promise<Platform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'scorpiox-'));
  const [imap, imaps, lmtp, admin, api, apiTls] = await freePorts();
  const ports = { imap, imaps, lmtp, admin, api, apiTls };
  const env = cleanEnv({
    SCORPIOX_DATA_DIR: dataDir,
    SCORPIOX_IMAP_PORT: String(ports.imap),
    SCORPIOX_IMAP_TLS_PORT: String(ports.imaps),
    SCORPIOX_IMAP_LMTP_PORT: String(ports.lmtp),
    SCORPIOX_IMAP_ADMIN_PORT: String(ports.admin),
    SCORPIOX_INSIGHTS_PORT: String(ports.api),
    SCORPIOX_INSIGHTS_TLS_PORT: String(ports.apiTls),
    ...settings,
  });
  const child = spawn(command, [...words, ...args], { env, cwd: cwd ?? dataDir, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  await until(
    () => text.includes('sign-in#token='),
    child,
    () => text,
  );

  const cli = (words: readonly string[], options: RunOptions = {}) =>
    run(process.execPath, [CLI, ...words], { env, cwd: dataDir, ...options });
  return {
    dataDir,
    ports,
    env,
    ca: join(dataDir, 'tls', 'ca.pem'),
    output: () => text,
    process: child,
    cli,
    async addUser(name, ...more) {
      const { code, stderr } = await cli(['user', 'add', name, '--password-stdin', ...more], {
        input: passwordOf(name),
      });
      if (code !== 0) throw new Error(`user add ended with ${code}: ${stderr}`);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGINT');
        await once(child, 'exit');
      }
      rmSync(dataDir, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
