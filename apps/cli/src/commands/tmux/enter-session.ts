import type { Config } from '@scorpiox/shared/config';
import { CommandFailed, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import { attaching, isInsideTmux } from '../../ops/tmux/attach.ts';
import { sessionName } from '../../ops/tmux/names.ts';
import { makingOf, type Program, prepareProgram, type SessionWanted, sessionOf } from '../../ops/tmux/open.ts';
import { findProject, projectOfFolder } from '../../ops/tmux/projects.ts';
import type { OurSession } from '../../ops/tmux/sessions.ts';
import type { Tmux } from '../../ops/tmux/tmux.ts';
import type { OutputOptions } from '../../output/options.ts';
import { printRecord } from '../../output/print.ts';
import { goIn, type Place, placeOf, troubleOf } from './go-in.ts';
import { openSessions, type StartOptions, variablesOf, warning } from './options.ts';
import { sessionFields } from './session-fields.ts';

export interface EnterOptions extends StartOptions, OutputOptions {
  readonly native?: true;
  readonly name?: string;
  readonly detached?: true;
}

/** Goes into a project's session; `isNew`: which must not be there yet. */
export async function enterSession(
  io: Io,
  project: string | undefined,
  options: EnterOptions,
  isNew: boolean,
): Promise<void> {
  const isDetached = options.detached === true;
  const { tmux, config } = await openSessions(io, options);
  const wanted = await wantedSession(io, config, project, options);
  if (!isDetached && !tmux.programs.isRehearsal) checkTerminal(io, options);
  const session = orFail(await sessionOf(tmux, wanted));
  if (session !== undefined && isNew) throw new CommandFailed(isThere(session));
  if (session !== undefined) {
    warnOfDifferences(io, session, options);
    if (isDetached) return printRecord(io, sessionFields(session), options);
    return goIn(io, tmux, session.name, placeOf(session.origin, config), [
      attaching(`${session.id}:`, isInsideTmux(io.env)),
    ]);
  }
  const program = orFail(await prepareProgram(tmux, config, wanted, warning(io)));
  const place = placeOf(program.origin, config);
  if (isDetached) return makeDetached(io, tmux, wanted, program, place, options);
  await makeAndGoIn(io, tmux, wanted, program, place);
}

async function wantedSession(
  io: Io,
  config: Config['tmux'],
  text: string | undefined,
  options: EnterOptions,
): Promise<SessionWanted> {
  const project = orFail(
    text === undefined ? await projectOfFolder(io.cwd, config.roots) : await findProject(text, config.roots),
  );
  const name = sessionName(options.name ?? project.name);
  if (name.trim() === '') throw new CommandFailed({ kind: 'usage', message: 'A session has to have a name: --name.' });
  const model = options.model ?? config.model;
  return { project, name, model, isNative: options.native === true, ...variablesOf(io, options) };
}

/** Before anything is made. */
function checkTerminal(io: Io, { json, jq }: EnterOptions): void {
  if (json === true || jq !== undefined) {
    const message = '--json and --jq print a session that is not gone into: say --detached too.';
    throw new CommandFailed({ kind: 'usage', message });
  }
  if ((io.stdinIsTerminal && io.stdoutIsTerminal) || isInsideTmux(io.env)) return;
  const message = 'This is no terminal, so a session cannot be gone into: --detached makes one without.';
  throw new CommandFailed({ kind: 'usage', message });
}

const isThere = ({ name, model }: OurSession): Failure => ({
  kind: 'error',
  message: `The session ${name} is there already${model === '' ? '' : `, with the model ${model}`}: \`scorpiox tmux enter\` goes into it, --name makes another.`,
});

function warnOfDifferences(io: Io, { name, model, origin }: OurSession, options: EnterOptions): void {
  const warn = warning(io);
  if (options.model !== undefined && options.model !== model) {
    const has = model === '' ? 'no model of its own' : `the model ${model}`;
    warn(
      `The session ${name} has ${has} and keeps it. For ${options.model}: scorpiox tmux restart ${name} -m ${options.model}`,
    );
  }
  if (options.native === true && origin.container !== undefined) {
    warn(`The session ${name} is in the container ${origin.container.name}, and stays there; --name makes another.`);
  }
  if (options.env !== undefined || options.envFile !== undefined) {
    warn(`The session ${name} runs already, and gets no variables now: scorpiox tmux restart has --env too.`);
  }
}

async function makeDetached(
  io: Io,
  tmux: Tmux,
  wanted: SessionWanted,
  program: Program,
  place: Place | undefined,
  options: EnterOptions,
): Promise<void> {
  const commands = makingOf(tmux, wanted, program, { isDetached: true });
  orFail(await tmux.change(commands, wanted.project.path));
  if (tmux.programs.isRehearsal) return;
  const made = orFail(await sessionOf(tmux, wanted));
  if (made === undefined) throw new CommandFailed(await endedAtOnce(tmux, wanted.name, place));
  await printRecord(io, sessionFields(made), options);
}

async function endedAtOnce(tmux: Tmux, name: string, place: Place | undefined): Promise<Failure> {
  const trouble = await troubleOf(tmux, place);
  return trouble ?? { kind: 'error', message: `What the session ${name} runs (tmux.command) ended at once.` };
}

async function makeAndGoIn(
  io: Io,
  tmux: Tmux,
  wanted: SessionWanted,
  program: Program,
  place: Place | undefined,
): Promise<void> {
  const isInside = isInsideTmux(io.env);
  const making = makingOf(tmux, wanted, program, { isDetached: isInside });
  const commands = isInside ? [...making, attaching(`=${wanted.name}:`, true)] : making;
  await goIn(io, tmux, wanted.name, place, commands, wanted.project.path);
}
