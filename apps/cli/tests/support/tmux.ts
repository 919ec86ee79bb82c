// The tmux that `scorpiox tmux` talks to in tests: a server of its own, never the user's.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { scorpioxHere } from './here.ts';
import type { Ended } from './scorpiox.ts';
import { openTerminal, scorpioxArgv, type Terminal } from './terminal.ts';

const run = promisify(execFile);

export interface Sessions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Makes the folder of a project; its path. */
  project(name: string): Promise<string>;
  /** `scorpiox tmux …` without a terminal. */
  sx(...args: readonly string[]): Promise<Ended>;
  /** The same with more variables. */
  sxWith(more: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended>;
  /** The same in a terminal. */
  at(...args: readonly string[]): Promise<Terminal>;
  /** What a tmux command prints. */
  tmux(...args: readonly string[]): Promise<string>;
}

/** A folder of projects and a tmux server, which is not started yet; both go with the test. */
export async function openSessions(more: Readonly<Record<string, string>> = {}): Promise<Sessions> {
  const folder = await mkdtemp(join(tmpdir(), 'scorpiox-tmux-'));
  const roots = join(folder, 'codebases');
  await mkdir(roots);
  // Keys that a busy machine hands over together are keys yet, and no paste.
  await writeFile(join(folder, '.tmux.conf'), 'set-option -g assume-paste-time 0\n');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    SHELL: '/bin/sh',
    TERM: 'xterm-256color',
    TMUX_TMPDIR: folder,
    SCORPIOX_TMUX_ROOTS: roots,
    ...more,
  };
  const tmux = async (...args: readonly string[]) => (await run('tmux', ['-u', ...args], { env, cwd: folder })).stdout;
  onTestFinished(async () => {
    await tmux('kill-server').catch(() => undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return {
    folder,
    env,
    project: async (name) => {
      await mkdir(join(roots, name), { recursive: true });
      return join(roots, name);
    },
    sx: (...args) => scorpioxHere(['tmux', ...args], { env, cwd: folder }),
    sxWith: (others, ...args) => scorpioxHere(['tmux', ...args], { env: { ...env, ...others }, cwd: folder }),
    at: (...args) => openTerminal(scorpioxArgv('tmux', ...args), env),
    tmux,
  };
}
