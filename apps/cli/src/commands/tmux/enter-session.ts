import type { Config } from '@scorpiox/shared/config';
import { CommandFailed, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import { shellWord } from '../../ops/shell-word.ts';
import { attaching, isInsideTmux, showing } from '../../ops/tmux/attach.ts';
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
  const enterThere = async (there: OurSession) => {
    if (isNew) throw new CommandFailed(isThere(there));
    await goIntoThere(io, tmux, config, there, options);
  };
  if (session !== undefined) return enterThere(session);
  const program = orFail(await prepareProgram(tmux, config, wanted, warning(io)));
  const place = placeOf(program.origin, config);
  // Another may have made it in the meantime, for a container takes a second; or in this very moment, which tmux tells.
  const meanwhile = tmux.programs.isRehearsal ? undefined : orFail(await sessionOf(tmux, wanted));
  if (meanwhile !== undefined) return enterThere(meanwhile);
  const made = isDetached
    ? makeDetached(io, tmux, wanted, program, place, options)
    : makeAndGoIn(io, tmux, wanted, program, place);
  await made.catch(async (failure: unknown) => {
    const there = await sessionOf(tmux, wanted);
    if (!there.ok || there.value === undefined || there.value.origin.tag === program.origin.tag) throw failure;
    await enterThere(there.value);
  });
}

/** Goes into one that is there; what is otherwise in it than was asked for is said. */
async function goIntoThere(
  io: Io,
  tmux: Tmux,
  config: Config['tmux'],
  session: OurSession,
  options: EnterOptions,
): Promise<void> {
  const said = differences(session, options);
  for (const sentence of said) warning(io)(sentence);
  if (options.detached === true) return printRecord(io, sessionFields(session), options);
  const commands = [attaching(`${session.id}:`, isInsideTmux(io.env)), ...said.slice(0, 1).map(showing)];
  await goIn(io, tmux, session.name, placeOf(session.origin, config), commands);
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

/** What was asked for and is otherwise in a session that is there. */
function differences({ name, model, origin }: OurSession, options: EnterOptions): readonly string[] {
  const sentences: string[] = [];
  if (options.model !== undefined && options.model !== model) {
    const has = model === '' ? 'no model of its own' : `the model ${model}`;
    const change = `scorpiox tmux restart ${shellWord(name)} -m ${options.model}`;
    sentences.push(`The session ${name} has ${has} and keeps it. For ${options.model}: ${change}`);
  }
  if (options.native === true && origin.container !== undefined) {
    const where = `in the container ${origin.container.name}`;
    sentences.push(`The session ${name} is ${where}, and stays there; --name makes another.`);
  }
  if (options.env !== undefined || options.envFile !== undefined) {
    sentences.push(`The session ${name} runs already, and gets no variables now: scorpiox tmux restart has --env too.`);
  }
  return sentences;
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
