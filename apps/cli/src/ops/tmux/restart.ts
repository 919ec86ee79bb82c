import type { Config } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { endPrograms } from './kill.ts';
import { optionsOf, type Program, prepareProgram, type Warn } from './open.ts';
import { PLACEHOLDER, waitingFor } from './pane.ts';
import type { OurSession } from './sessions.ts';
import type { Tmux, TmuxCommand } from './tmux.ts';

export interface RestartWanted {
  /** What `CLAUDE_MODEL` is to be from now on; what it was where it is undefined. */
  readonly model: string | undefined;
  /** `NAME=value`; what they were where it is undefined. */
  readonly env: readonly string[] | undefined;
  readonly envFile: string | undefined;
}

/**
 * Begins a session's program anew, in the same session: whoever shows it goes on showing it. What it ran before ends first, in
 * all its windows, so that ports and locks are free.
 */
export async function restartSession(
  tmux: Tmux,
  config: Config['tmux'],
  session: OurSession,
  wanted: RestartWanted,
  warn: Warn,
): Promise<Result<OurSession, Failure>> {
  const { origin } = session;
  const model = wanted.model ?? (session.model === '' ? undefined : session.model);
  const program = await prepareProgram(
    tmux,
    config,
    {
      project: { name: origin.project, path: origin.folder },
      model,
      isNative: origin.container === undefined,
      env: wanted.env ?? origin.env,
      envFile: wanted.envFile ?? origin.envFile,
    },
    warn,
  );
  if (!program.ok) return program;
  const target = `${session.id}:`;
  const alone = await tmux.change([
    ['kill-window', '-a', '-t', target],
    ['kill-pane', '-a', '-t', target],
    ['respawn-pane', '-k', '-t', target, '--', ...PLACEHOLDER],
  ]);
  if (!alone.ok) return alone;
  const ended = await endPrograms(tmux, origin);
  if (!ended.ok) return ended;
  const begun = await tmux.change(beginning(tmux, target, model, program.value, origin.given ?? []));
  return begun.ok ? ok({ ...session, model: model ?? '', origin: program.value.origin }) : begun;
}

function beginning(
  { program: file }: Tmux,
  target: string,
  model: string | undefined,
  program: Program,
  before: readonly string[],
): readonly TmuxCommand[] {
  const variables = program.environment.set.map((one) => [nameOf(one), one.slice(one.indexOf('=') + 1)]);
  return [
    ...before.map((name) => ['set-environment', '-t', target, '-u', name]),
    ...variables.map((pair) => ['set-environment', '-t', target, ...pair]),
    ['respawn-pane', '-k', '-t', target, '--', ...waitingFor(file, program)],
    ...optionsOf(target, model, program),
  ];
}

const nameOf = (variable: string): string => variable.slice(0, variable.indexOf('='));
