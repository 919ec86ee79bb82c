// A real terminal for programs that need one: a pane of a tmux on a socket of its own.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { MAIN } from './scorpiox.ts';

const run = promisify(execFile);

/** How long something may take to show; the machine is busy. */
export const PATIENCE = { timeout: 30_000, interval: 50 };

export interface Terminal {
  /** What it shows. */
  screen(): Promise<string>;
  /** Resolves when it shows this. */
  shows(what: string | RegExp): Promise<void>;
  /** Presses keys by tmux's names: `C-c`, `Enter`. */
  press(...keys: readonly string[]): Promise<void>;
  /** Types this and Enter. */
  enter(line: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** The exit code of the program, once it has ended. */
  ended(): Promise<number>;
}

/** Runs a program in a terminal that is closed with the test. No shell is in between. */
export async function openTerminal(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  { columns = 100, rows = 30 } = {},
): Promise<Terminal> {
  const folder = await mkdtemp(join(tmpdir(), 'scorpiox-terminal-'));
  const tmux = (...args: readonly string[]) =>
    run('tmux', ['-u', '-S', join(folder, 'socket'), '-f', '/dev/null', ...args]);
  onTestFinished(async () => {
    await tmux('kill-server').catch(() => undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  // A `;` at the end of an argument would end tmux's command.
  const program = ['/usr/bin/env', '-u', 'TMUX', '-u', 'TMUX_PANE', ...variables, ...argv].map((argument) =>
    argument.replace(/;$/, '\\;'),
  );
  const size = ['-x', String(columns), '-y', String(rows)];
  await tmux(
    'new-session',
    '-d',
    '-s',
    'it',
    ...size,
    '--',
    ...program,
    ';',
    'set-option',
    '-p',
    'remain-on-exit',
    'on',
  );
  const screen = async () => (await tmux('capture-pane', '-p', '-t', 'it', '-S', '-200')).stdout;
  const dead = async () => {
    const asked = await tmux('display-message', '-p', '-t', 'it', '#{pid} #{pane_dead} #{pane_dead_status}');
    const [pid, isDead, code = ''] = asked.stdout.trim().split(' ');
    // tmux 3.3 does not always hear that a child has ended: libutempter takes the signal away while it tells utmp.
    process.kill(Number(pid), 'SIGCHLD');
    return isDead === '1' && code !== '' ? code : `runs yet:\n${await screen()}`;
  };
  // One by one: keys that come within a millisecond are a paste to tmux, and mean nothing.
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await tmux('send-keys', '-t', 'it', key);
  };
  return {
    screen,
    shows: async (what) => {
      await expect.poll(screen, PATIENCE).toMatch(what);
    },
    press,
    enter: async (line) => {
      await tmux('send-keys', '-t', 'it', '-l', '--', line);
      await press('Enter');
    },
    resize: async (width, height) =>
      void (await tmux('resize-window', '-t', 'it', '-x', String(width), '-y', String(height))),
    ended: async () => {
      await expect.poll(dead, PATIENCE).toMatch(/^\d+$/);
      return Number(await dead());
    },
  };
}

/** `scorpiox …` as a command line. */
export const scorpioxArgv = (...args: readonly string[]): readonly string[] => [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  MAIN,
  ...args,
];
