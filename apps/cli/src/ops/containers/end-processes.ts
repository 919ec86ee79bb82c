/**
 * Ends what runs in a container for one session.
 *
 * Killing what shows the session (tmux, the engine's client) ends none of it: the processes go on in the container, without
 * a terminal. Each of them has the session's tag in its environment, from what it was started by, however far it went away
 * from the terminal. They are looked for from inside, since the container's processes may not be visible from outside.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Programs } from '../programs.ts';
import { type Engine, engineFailure } from './engine.ts';
import { ENDING_LOOK_MS, ENGINE_TIMEOUT_MS, PATIENCE_MS } from './limits.ts';

/** The variable that has the tag. */
export const TAG = 'SCORPIOX_SESSION';

/**
 * Prints the processes that have the tag $1, after sending them the signal $2 where there is one. Its own have none. A shell's
 * `$(…)` drops the NULs that stand between variables; no tag is the beginning of another. The last line says that this is all.
 */
export const FIND = [
  'for entry in /proc/[0-9]*; do case $(cat "$entry/environ" 2>/dev/null) in',
  `*"${TAG}=$1"*) [ -z "$2" ] || kill -s "$2" "\${entry#/proc/}"; echo "\${entry#/proc/}" ;;`,
  'esac; done 2>/dev/null; echo all',
].join(' ');

/** Who is asked to end, in turn, and how many of them ended. Left over: a failure that names them. */
export async function endProcesses(
  programs: Programs,
  engine: Engine,
  container: string,
  tag: string,
): Promise<Result<number, Failure>> {
  const look = (signal: string) => find(programs, engine, container, tag, signal);
  const first = await look('');
  if (!first.ok || first.value.length === 0) return first.ok ? ok(0) : first;
  const seen = new Set(first.value);
  for (const signal of ['HUP', 'TERM', 'KILL'] as const) {
    const told = await look(signal);
    if (!told.ok) return told;
    for (const pid of told.value) seen.add(pid);
    // What one started just before it was killed was not there yet when it was looked for: that is killed as it is found.
    const again = () => look(signal === 'KILL' ? signal : '');
    if (programs.isRehearsal || (await areGone(again, PATIENCE_MS[signal]))) return ok(seen.size);
  }
  const left = await look('');
  if (!left.ok) return left;
  if (left.value.length === 0) return ok(seen.size);
  const message = `These processes in the container ${container} do not end: ${left.value.join(', ')}. \`${engine.name} restart ${container}\` ends everything in it.`;
  return err({ kind: 'partly-done', message });
}

/** A bounded wait; what cannot be asked counts as not gone, and is told by the next question. */
async function areGone(look: () => ReturnType<typeof find>, patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs;
  do {
    await pause(ENDING_LOOK_MS);
    const left = await look();
    if (left.ok && left.value.length === 0) return true;
  } while (performance.now() < until);
  return false;
}

async function find(
  programs: Programs,
  engine: Engine,
  container: string,
  tag: string,
  signal: '' | string,
): Promise<Result<readonly string[], Failure>> {
  const argv = [engine.program, 'exec', container, 'sh', '-c', FIND, 'sh', tag, signal];
  const run = signal === '' ? programs.ask : programs.change;
  const ended = await run(argv, { timeoutMs: ENGINE_TIMEOUT_MS });
  if (!ended.ok) return ended;
  const { code, stdout, stderr } = ended.value;
  if (code === 0 && /^all$/m.test(stdout)) return ok(stdout.split('\n').filter((line) => /^\d+$/.test(line)));
  // A container that does not run has no processes.
  if (/no such container|not running|running containers/i.test(stderr)) return ok([]);
  const head = `The session's processes in the container ${container} cannot be looked for. `;
  return err(engineFailure(engine.name, stderr, head));
}
