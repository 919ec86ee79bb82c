import { ok, type Result } from '@scorpiox/shared/result';
import { inspectContainer, stopContainer } from '../containers/container.ts';
import { endProcesses } from '../containers/end-processes.ts';
import { findEngine } from '../containers/engine.ts';
import type { Failure } from '../failure.ts';
import { listOurs, type Origin, type OurSession } from './sessions.ts';
import type { Tmux } from './tmux.ts';

export interface Killed {
  /** Processes in the container that were ended. */
  readonly processes: number;
  /** Whether the container was stopped: it was ours, and this was its last session. */
  readonly stopped: boolean;
}

/**
 * Ends a session with all that it runs, and touches no file. The processes come first: once the session is gone nobody
 * knows which they are.
 */
export async function killSession(tmux: Tmux, session: OurSession): Promise<Result<Killed, Failure>> {
  const ended = await endPrograms(tmux, session.origin);
  if (!ended.ok) return ended;
  const gone = await endShowing(tmux, session);
  if (!gone.ok) return gone;
  const stopped = await stopIfLast(tmux, session);
  return stopped.ok ? ok({ processes: ended.value, stopped: stopped.value }) : stopped;
}

/** Ends what a session runs in its container, and says how many processes that were. */
export async function endPrograms({ programs }: Tmux, { container, tag }: Origin): Promise<Result<number, Failure>> {
  if (container === undefined) return ok(0); // tmux hangs up on them
  const engine = await findEngine(container.engine, programs.env.PATH ?? '');
  return engine.ok ? endProcesses(programs, engine.value, container.name, tag) : engine;
}

/** The session itself, which may have ended with its program. */
async function endShowing(tmux: Tmux, { id }: OurSession): Promise<Result<void, Failure>> {
  const killed = await tmux.change([['kill-session', '-t', id]]);
  if (killed.ok) return ok(undefined);
  const left = await listOurs(tmux);
  if (!left.ok) return left;
  return left.value.some((one) => one.id === id) ? killed : ok(undefined);
}

async function stopIfLast(tmux: Tmux, { id, origin: { container } }: OurSession): Promise<Result<boolean, Failure>> {
  if (container === undefined) return ok(false);
  const others = await listOurs(tmux);
  if (!others.ok) return others;
  const isShared = others.value.some((one) => one.id !== id && one.origin.container?.name === container.name);
  if (isShared) return ok(false);
  const engine = await findEngine(container.engine, tmux.programs.env.PATH ?? '');
  if (!engine.ok) return engine;
  const found = await inspectContainer(tmux.programs, engine.value, container.name);
  if (!found.ok) return found;
  if (found.value?.isOurs !== true || found.value.state !== 'running') return ok(false);
  const stopped = await stopContainer(tmux.programs, engine.value, container.name);
  return stopped.ok ? ok(true) : stopped;
}
