/** Whether a session can be in a container, and why one that was is no more. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Ended, Programs } from '../programs.ts';
import { type ContainerWanted, inspectContainer } from './container.ts';
import { type Engine, engineFailure } from './engine.ts';
import { ENGINE_TIMEOUT_MS } from './limits.ts';

/** Where a command was looked for and is not. */
const NO_COMMAND = 44;

/** Whether a program can be started: `command -v`, whose exit code shells disagree about. */
const LOOK_FOR = `[ $# = 0 ] || command -v "$1" >/dev/null || exit ${NO_COMMAND}`;

/** Whether something can be run in it, in the project's folder: also whether the engine answers at all. */
export async function tryContainer(
  programs: Programs,
  engine: Engine,
  { name, folder }: Pick<ContainerWanted, 'name' | 'folder'>,
  command: readonly string[] = [],
): Promise<Result<void, Failure>> {
  const argv = [engine.program, 'exec', '--workdir', folder, name, 'sh', '-c', LOOK_FOR, 'sh', ...command.slice(0, 1)];
  const ended = await programs.ask(argv, { timeoutMs: ENGINE_TIMEOUT_MS });
  if (!ended.ok) return ended;
  if (ended.value.code === 0) return ok(undefined);
  return err(cannotRunIn(engine, { name, folder }, command, ended.value));
}

function cannotRunIn(
  engine: Engine,
  { name, folder }: Pick<ContainerWanted, 'name' | 'folder'>,
  [program]: readonly string[],
  { code, stderr }: Ended,
): Failure {
  const unavailable = (message: string): Failure => ({ kind: 'unavailable', message });
  if (code === NO_COMMAND && program !== undefined) {
    return unavailable(
      `The command ${program} is not in the container ${name}: install it there, or set tmux.command.`,
    );
  }
  if (/\bcwd\b|chdir/i.test(stderr)) {
    return unavailable(`The container ${name} does not have ${folder}: make it anew with that folder mounted there.`);
  }
  if (/executable file not found|no such file or directory/i.test(stderr)) {
    return unavailable(
      `The container ${name} has no shell (sh): nothing can be run in it. Use another image (tmux.image).`,
    );
  }
  return engineFailure(engine.name, stderr, `Nothing can be run in the container ${name}. `);
}

/** Why a session in it may have ended by no fault of its own; undefined where the container is as it should be. */
export async function whatBecameOf(programs: Programs, engine: Engine, name: string): Promise<Failure | undefined> {
  const found = await inspectContainer(programs, engine, name);
  if (!found.ok) return found.error;
  if (found.value === undefined) return { kind: 'unavailable', message: `The container ${name} was removed.` };
  const { state, exitCode, wasOutOfMemory } = found.value;
  if (state === 'running') return undefined;
  const how = wasOutOfMemory ? 'it was out of memory' : `it ended with ${exitCode}`;
  const message = `The container ${name} does not run any more (${state}; ${how}). \`scorpiox tmux enter\` starts it again; \`${engine.name} logs ${name}\` may say more.`;
  return { kind: 'unavailable', message };
}
