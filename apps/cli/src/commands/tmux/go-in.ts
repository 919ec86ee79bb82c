/** The way into a session, and what is said when one comes back. */
import type { Config, ContainerEngine } from '@scorpiox/shared/config';
import { CommandFailed, EndedAs, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { findEngine } from '../../ops/containers/engine.ts';
import { tryContainer, whatBecameOf } from '../../ops/containers/trouble.ts';
import type { Failure } from '../../ops/failure.ts';
import { isInsideTmux } from '../../ops/tmux/attach.ts';
import { listOurs, type Origin } from '../../ops/tmux/sessions.ts';
import type { Tmux, TmuxCommand } from '../../ops/tmux/tmux.ts';

/** The container that a session is in, and what runs there. */
export interface Place {
  readonly engine: ContainerEngine;
  readonly name: string;
  readonly folder: string;
  readonly command: readonly string[] | undefined;
}

export const placeOf = ({ container, folder }: Origin, { command }: Config['tmux']): Place | undefined =>
  container === undefined ? undefined : { engine: container.engine, name: container.name, folder, command };

/** Hands the terminal to tmux. Where the session has ended by then, so does this, as its program did. */
export async function goIn(
  io: Io,
  tmux: Tmux,
  name: string,
  place: Place | undefined,
  commands: readonly TmuxCommand[],
  cwd?: string,
): Promise<void> {
  if (tmux.programs.isRehearsal || isInsideTmux(io.env)) {
    orFail(await tmux.change(commands, cwd));
    return;
  }
  const code = await io.handOver(tmux.argv(...commands), { env: tmux.programs.env, cwd });
  if (code === 0) return;
  const left = orFail(await listOurs(tmux));
  if (left.some((one) => one.name === name)) throw new EndedAs(code); // tmux has said what it does not like
  const trouble = await troubleOf(tmux, place, code);
  if (trouble !== undefined) throw new CommandFailed(trouble);
  io.say(`scorpiox: ${name} ended with ${code}.\n`);
  throw new EndedAs(code);
}

/** The codes by which an engine's client says that it, and not the program, is at fault; a shell says them too. */
const ENGINE_CODES = [125, 126, 127];

/** What may be wrong with the container of a session that ended. */
export async function troubleOf(
  { programs }: Tmux,
  place: Place | undefined,
  code?: number,
): Promise<Failure | undefined> {
  if (place === undefined) return undefined;
  const engine = await findEngine(place.engine, programs.env.PATH ?? '');
  if (!engine.ok) return engine.error;
  const trouble = await whatBecameOf(programs, engine.value, place.name);
  if (trouble !== undefined || code === undefined || !ENGINE_CODES.includes(code)) return trouble;
  const tried = await tryContainer(programs, engine.value, place, place.command);
  return tried.ok ? undefined : tried.error;
}
