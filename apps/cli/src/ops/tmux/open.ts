/**
 * Makes a project's session, or finds the one that is there.
 *
 * - A session belongs to a folder, which is kept with it. One of the same name that belongs to another (`a.b` and `a_b` are
 *   one name to tmux), or that is not ours, is never entered in its place.
 * - A new session and all that is told of it go to tmux in one message: its program may end before a second one came, and
 *   nobody would learn how. For the same reason who makes it is attached by making it.
 * - The container runs, and something can be run in it, before there is a session: what is wrong is said here, and not in a pane
 *   that is gone before it can be read.
 */

import { randomBytes } from 'node:crypto';
import type { Config } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Container, ensureContainer } from '../containers/container.ts';
import { ENGINE_VARIABLES, type Engine, findEngine } from '../containers/engine.ts';
import { tryContainer } from '../containers/trouble.ts';
import type { Failure } from '../failure.ts';
import { type Difference, difference, serverEnvironment } from './environment.ts';
import { containerName } from './names.ts';
import { insideToo, programInside, programOutside, type Waited, waitingFor } from './pane.ts';
import type { Project } from './projects.ts';
import {
  listSessions,
  MODEL_OPTION,
  ORIGIN_OPTION,
  type Origin,
  type OurSession,
  originText,
  type Session,
} from './sessions.ts';
import type { Tmux, TmuxCommand } from './tmux.ts';
import { readEnvFile } from './variables.ts';

/** What a session runs, and with what. */
export interface ProgramWanted {
  readonly project: Project;
  /** What `CLAUDE_MODEL` is to be; not set at all where it is undefined. */
  readonly model: string | undefined;
  readonly isNative: boolean;
  /** `NAME=value`. */
  readonly env: readonly string[];
  /** Absolute. */
  readonly envFile: string | undefined;
}

export interface SessionWanted extends ProgramWanted {
  /** As it is in tmux. */
  readonly name: string;
}

/** What is not a failure, and yet has to be said. */
export type Warn = (sentence: string) => void;

/** The session of this name, if it is the project's; undefined where there is none. */
export async function sessionOf(
  tmux: Tmux,
  { name, project }: Pick<SessionWanted, 'name' | 'project'>,
): Promise<Result<OurSession | undefined, Failure>> {
  const sessions = await listSessions(tmux);
  if (!sessions.ok) return sessions;
  const session = sessions.value.find((one) => one.name === name);
  if (session === undefined) return ok(undefined);
  return belongsTo(session, project) ? ok(session) : err(isTaken(session, project));
}

const belongsTo = (session: Session, project: Project): session is OurSession =>
  session.origin?.folder === project.path;

function isTaken({ name, origin }: Session, project: Project): Failure {
  const whose = origin === undefined ? 'was not made by scorpiox' : `is that of ${origin.folder}`;
  return {
    kind: 'refused',
    message: `The session ${name} ${whose}, and not of ${project.path}: tmux knows only one of that name. Give this one another with --name.`,
  };
}

/** The program of a session, and what goes with it. */
export interface Program extends Waited {
  readonly origin: Origin;
  /** How the session's environment differs from the server's. */
  readonly environment: Difference;
}

/** Gets ready what a session runs, its container above all. */
export async function prepareProgram(
  tmux: Tmux,
  config: Config['tmux'],
  wanted: ProgramWanted,
  warn: Warn,
): Promise<Result<Program, Failure>> {
  const server = await serverEnvironment(tmux);
  if (!server.ok) return server;
  const ofFile = wanted.envFile === undefined ? ok([]) : await readEnvFile(wanted.envFile);
  if (!ofFile.ok) return ofFile;
  // The variables of a file are its own: only its name is kept.
  const tag = randomBytes(8).toString('hex');
  const from = { project: wanted.project.name, folder: wanted.project.path, tag, env: [...wanted.env] };
  const origin = { ...from, ...(wanted.envFile === undefined ? {} : { envFile: wanted.envFile }) };
  if (wanted.isNative) {
    const env = [...ofFile.value, ...wanted.env];
    return ok(outside(tmux, config, { ...wanted, env }, origin, server.value));
  }
  const place = await preparePlace(tmux, config, wanted.project, warn);
  if (!place.ok) return place;
  const { engine, container } = place.value;
  const environment = difference(pick(tmux.programs.env, ENGINE_VARIABLES), server.value);
  const { model, env, envFile } = wanted;
  const folder = wanted.project.path;
  const more = {
    engine,
    container,
    folder,
    tag,
    model,
    env,
    envFile,
    command: config.command,
    unset: environment.unset,
  };
  return ok({
    argv: programInside(more),
    inside: { engine: engine.program, container: container.name },
    origin: { ...origin, container: { engine: engine.name, name: container.name } },
    environment,
  });
}

function outside(
  { programs }: Tmux,
  { command }: Config['tmux'],
  { model, env }: ProgramWanted,
  origin: Origin,
  server: Readonly<Record<string, string | undefined>>,
): Program {
  const wanted = Object.fromEntries(
    env.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  const environment = difference({ ...wanted, CLAUDE_MODEL: model }, server);
  const given = environment.set.map((one) => one.slice(0, one.indexOf('=')));
  const shell = programs.env.SHELL || '/bin/sh';
  return {
    argv: programOutside({ command, shell }, environment.unset),
    inside: undefined,
    origin: { ...origin, given },
    environment,
  };
}

const pick = (env: Readonly<Record<string, string | undefined>>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, env[name]]));

/** The project's container, in which something can be run. */
async function preparePlace(
  { programs }: Tmux,
  config: Config['tmux'],
  { name, path: folder }: Project,
  warn: Warn,
): Promise<Result<{ readonly engine: Engine; readonly container: Container }, Failure>> {
  const engine = await findEngine(config.engine, programs.env.PATH ?? '');
  if (!engine.ok) return engine;
  const wanted = { name: containerName(name), folder, image: config.image };
  const container = await ensureContainer(programs, engine.value, wanted);
  if (!container.ok) return container;
  if (!programs.isRehearsal) {
    const tried = await tryContainer(programs, engine.value, wanted, config.command);
    if (!tried.ok) return tried;
  }
  if (container.value.isOurs && config.image !== undefined && config.image !== container.value.image) {
    warn(
      `The container ${wanted.name} is made of ${container.value.image}; tmux.image is ${config.image} now. \`${engine.value.name} rm -f ${wanted.name}\` lets the next session make it anew; what is in it outside the project goes with it.`,
    );
  }
  return ok({ engine: engine.value, container: container.value });
}

/** The commands that make a session, whoever makes it being attached to it or not. */
export function makingOf(
  { program: tmux }: Tmux,
  { name, model }: Pick<SessionWanted, 'name' | 'model'>,
  program: Program,
  { isDetached }: { readonly isDetached: boolean },
): readonly TmuxCommand[] {
  const variables = program.environment.set.flatMap((variable) => ['-e', variable]);
  const making = [
    'new-session',
    ...(isDetached ? ['-d'] : []),
    '-s',
    name,
    ...variables,
    '--',
    ...waitingFor(tmux, program),
  ];
  return [making, ...optionsOf(`=${name}:`, model, program)];
}

/** What a session is told when it is made, and again when it is restarted. */
export function optionsOf(target: string, model: string | undefined, program: Program): readonly TmuxCommand[] {
  const { argv, origin, environment } = program;
  return [
    // Whatever the user's own configuration says of sessions that nobody shows.
    ['set-option', '-t', target, 'destroy-unattached', 'off'],
    ['set-option', '-t', target, MODEL_OPTION, model ?? ''],
    ['set-option', '-t', target, ORIGIN_OPTION, originText(origin)],
    ...environment.unset.map((name) => ['set-environment', '-t', target, '-r', name]),
    ...(origin.container === undefined ? [] : insideToo(target, argv)),
  ];
}
