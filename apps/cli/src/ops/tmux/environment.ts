/**
 * What a session starts with. A pane gets the environment of tmux's server, which was started who knows where and when, and
 * on top what the session was made with; not that of whoever makes it. So what matters is set where it is another there, and
 * taken away where it is there alone.
 */
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Tmux } from './tmux.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How a session's environment differs from the server's. */
export interface Difference {
  /** `NAME=value`. */
  readonly set: readonly string[];
  readonly unset: readonly string[];
}

/** What makes of the server's environment one that has each of these variables as it is wanted. */
export function difference(wanted: Environment, server: Environment): Difference {
  const differing = Object.entries(wanted).filter(([name, value]) => value !== server[name]);
  return {
    set: differing.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
    unset: differing.flatMap(([name, value]) => (value === undefined ? [name] : [])),
  };
}

/** The environment of the server: of the one that runs, else that of this process, for it will start one. */
export async function serverEnvironment(tmux: Tmux): Promise<Result<Environment, Failure>> {
  const ended = await tmux.ask(['show-environment', '-g']);
  if (!ended.ok) return ended;
  if (ended.value.code !== 0) return ok(tmux.programs.env);
  const lines = ended.value.stdout.split('\n').filter((line) => line.includes('='));
  return ok(
    Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
  );
}
