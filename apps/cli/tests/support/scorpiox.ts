import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array | Readable;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Runs it as another user; only root can. */
  readonly uid?: number;
}

export type Scorpiox = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts the tool as a process of its own, with nothing of the tests' own SCORPIOX_… settings. */
export function startScorpiox(args: readonly string[], { env = {}, cwd = tmpdir(), uid }: RunOptions = {}): Scorpiox {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SCORPIOX_')));
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd,
    env: { ...clean, XDG_CONFIG_HOME: '/nowhere', ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Runs the tool to its end. */
export async function scorpiox(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = startScorpiox(args, options);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  child.stdin.on('error', () => undefined); // a command may end without reading its input
  const { input } = options;
  if (typeof input === 'object' && 'pipe' in input) input.pipe(child.stdin);
  else child.stdin.end(input);
  const [[stdout, stderr], code] = await Promise.all([output, ended]);
  return { code, stdout, stderr };
}

/** A folder that lasts as long as the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'scorpiox-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
