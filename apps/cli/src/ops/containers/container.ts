/**
 * The container of a project: there is one, by its name, and all sessions of the project are in it.
 *
 * Whose it is decides what may be done to it. One that we made has a label with the project's folder: it is started where
 * it stands still, and stopped when its last session is killed. One that somebody else made under that name (with more
 * mounts, another user, a network) is used as it is, started where it stands still, and never stopped. None is ever removed:
 * what was installed or written in it outside the project is somebody's work.
 */
import { err, ok, type Result } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Failure } from '../failure.ts';
import type { Programs } from '../programs.ts';
import { type Engine, engineFailure } from './engine.ts';
import { ENGINE_TIMEOUT_MS, MAKE_TIMEOUT_MS, STOP_SECONDS } from './limits.ts';

export interface Container {
  readonly name: string;
  readonly isOurs: boolean;
  /** The image that it was made of, as it was named then. */
  readonly image: string;
  /** `NAME=value`, as everything in it starts with. */
  readonly env: readonly string[];
  readonly state: string;
  readonly exitCode: number;
  readonly wasOutOfMemory: boolean;
}

/** What is wanted of a container. */
export interface ContainerWanted {
  readonly name: string;
  /** The project's folder: mounted at the same path. */
  readonly folder: string;
  /** What it is made of where there is none yet. */
  readonly image: string | undefined;
}

const LABEL = 'scorpiox.project';

/** What both engines say of a container, as far as it is read here. */
const Inspected = Type.Object({
  State: Type.Object({ Status: Type.String(), ExitCode: Type.Number(), OOMKilled: Type.Boolean() }),
  Config: Type.Object({
    Image: Type.String(),
    Env: Type.Union([Type.Array(Type.String()), Type.Null()]),
    Labels: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
  }),
});

/** The container of this name; undefined where there is none. */
export async function inspectContainer(
  programs: Programs,
  { name: engine, program }: Engine,
  name: string,
): Promise<Result<(Container & { readonly folder: string | undefined }) | undefined, Failure>> {
  const ended = await programs.ask([program, 'container', 'inspect', name], { timeoutMs: ENGINE_TIMEOUT_MS });
  if (!ended.ok) return ended;
  const { code, stdout, stderr } = ended.value;
  if (code !== 0) return /no such container/i.test(stderr) ? ok(undefined) : err(engineFailure(engine, stderr));
  const value: unknown = parseJson(stdout);
  const one: unknown = Array.isArray(value) ? value[0] : undefined;
  if (!Value.Check(Inspected, one)) {
    return err({
      kind: 'error',
      message: `\`${engine} container inspect ${name}\` says what scorpiox does not understand.`,
    });
  }
  const { State, Config } = one;
  const folder = Config.Labels?.[LABEL];
  return ok({
    name,
    isOurs: folder !== undefined,
    folder,
    image: Config.Image,
    env: Config.Env ?? [],
    state: State.Status,
    exitCode: State.ExitCode,
    wasOutOfMemory: State.OOMKilled,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A container of what is wanted that runs: the one that is there, or a new one. */
export async function ensureContainer(
  programs: Programs,
  engine: Engine,
  wanted: ContainerWanted,
): Promise<Result<Container, Failure>> {
  const found = await inspectContainer(programs, engine, wanted.name);
  if (!found.ok) return found;
  if (found.value !== undefined) return wake(programs, engine, wanted, found.value);
  const made = await makeContainer(programs, engine, wanted);
  if (!made.ok) return made;
  if (programs.isRehearsal) return ok(notYetThere(wanted));
  const there = await inspectContainer(programs, engine, wanted.name);
  if (!there.ok) return there;
  if (there.value === undefined) return err(engineFailure(engine.name, `${wanted.name} was made and is not there`));
  return wake(programs, engine, wanted, there.value);
}

const notYetThere = ({ name, image = '' }: ContainerWanted): Container => ({
  name,
  image,
  isOurs: true,
  env: [],
  state: 'running',
  exitCode: 0,
  wasOutOfMemory: false,
});

/** Makes it; that somebody made it in this very moment is as good. */
async function makeContainer(
  programs: Programs,
  engine: Engine,
  wanted: ContainerWanted,
): Promise<Result<void, Failure>> {
  const { image } = wanted;
  if (image === undefined) {
    const message = `No image is configured that a container could be made of. Set image below [tmux] in scorpiox.toml (or SCORPIOX_TMUX_IMAGE), make a container named ${wanted.name} yourself, or use --native, without a container.`;
    return err({ kind: 'usage', message });
  }
  const ended = await programs.change(makingOf(engine, wanted, image), { timeoutMs: MAKE_TIMEOUT_MS });
  if (!ended.ok) return ended;
  const { code, stderr } = ended.value;
  if (code === 0 || /name .* (?:already )?in use/i.test(stderr)) return ok(undefined);
  return err(notMade(engine, image, stderr));
}

/**
 * Never with a pull: an image comes from where its user gets it, at a time of their choosing. With an init, or what ends in it
 * stays a zombie and stopping it takes as long as it may. What it does itself is to sleep, whatever the image would run.
 */
function makingOf(engine: Engine, { name, folder }: ContainerWanted, image: string): readonly string[] {
  const mount = ['type=bind', csvField(`source=${folder}`), csvField(`target=${folder}`)].join(',');
  return [
    ...[engine.program, 'run', '--detach', '--pull=never', '--init', '--name', name],
    ...['--label', `${LABEL}=${folder}`],
    // Without root, podman's root is the user and the user a stranger: keep-id lets both see the same owner.
    ...(engine.name === 'podman' && process.getuid?.() !== 0 ? ['--userns=keep-id'] : []),
    ...['--mount', mount, '--workdir', folder],
    ...['--entrypoint', 'sleep', image, '2147483647'],
  ];
}

/** A folder may have commas and quotes in its name; both engines read a mount as a line of CSV. */
const csvField = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function notMade(engine: Engine, image: string, stderr: string): Failure {
  if (/image not known|no such image|unable to find image/i.test(stderr)) {
    const message = `There is no image ${image} here. Get it (\`${engine.name} pull ${image}\`) or build it; scorpiox never pulls one.`;
    return { kind: 'unavailable', message };
  }
  return engineFailure(engine.name, stderr);
}

/** Lets it run, if it may be used for this. */
async function wake(
  programs: Programs,
  engine: Engine,
  { name, folder }: ContainerWanted,
  found: Container & { readonly folder: string | undefined },
): Promise<Result<Container, Failure>> {
  if (found.folder !== undefined && found.folder !== folder) {
    const message = `The container ${name} is that of ${found.folder}, and not of ${folder}: rename one of the projects, or remove it (\`${engine.name} rm ${name}\`; what is in it outside the project goes with it).`;
    return err({ kind: 'refused', message });
  }
  if (found.state === 'running') return ok(found);
  if (found.state === 'paused') {
    return err({ kind: 'refused', message: `The container ${name} is paused: \`${engine.name} unpause ${name}\`.` });
  }
  const ended = await programs.change([engine.program, 'start', name], { timeoutMs: ENGINE_TIMEOUT_MS });
  if (!ended.ok) return ended;
  if (ended.value.code === 0) return ok({ ...found, state: 'running' });
  return err(engineFailure(engine.name, ended.value.stderr, `The container ${name} cannot be started. `));
}

/** Stops one of ours, with what is left in it; files stay. */
export async function stopContainer(programs: Programs, engine: Engine, name: string): Promise<Result<void, Failure>> {
  const argv = [engine.program, 'stop', '-t', String(STOP_SECONDS), name];
  const ended = await programs.change(argv, { timeoutMs: ENGINE_TIMEOUT_MS });
  if (!ended.ok) return ended;
  return ended.value.code === 0 ? ok(undefined) : err(engineFailure(engine.name, ended.value.stderr));
}
