/** What runs containers: podman, or docker, which takes the same command lines but for what `Engine` says. */
import type { ContainerEngine } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { findProgram } from '../find-program.ts';

/** In the order in which they are looked for. */
export const ENGINES: readonly ContainerEngine[] = ['podman', 'docker'];

export interface Engine {
  readonly name: ContainerEngine;
  /** Its file: what runs it later may have another PATH. */
  readonly program: string;
}

/** The engine that was asked for, else the first that is there. */
export async function findEngine(wanted: ContainerEngine | undefined, path: string): Promise<Result<Engine, Failure>> {
  for (const name of wanted === undefined ? ENGINES : [wanted]) {
    const program = await findProgram(name, path);
    if (program !== undefined) return ok({ name, program });
  }
  const missing =
    wanted === undefined ? 'Neither podman nor docker is there' : `${wanted} is not there, which tmux.engine asks for`;
  const message = `${missing}: install it (apt-get install ${wanted === 'docker' ? 'docker.io' : 'podman'}), or use --native, without a container.`;
  return err({ kind: 'unavailable', message });
}

/**
 * The keys that would leave the engine's client running, taken off the terminal's: by default the first of them, ctrl-p, is
 * held back until the next key. Podman takes none at all; docker takes that for its default, so it gets keys that nobody presses.
 */
export const detachKeys = ({ name }: Engine): string => (name === 'podman' ? '' : 'ctrl-\\,ctrl-^,ctrl-_');

/** Variables by which the client finds its daemon, its storage and its configuration. */
export const ENGINE_VARIABLES = [
  'CONTAINERS_CONF',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINER_CONNECTION',
  'CONTAINER_HOST',
  'DOCKER_CERT_PATH',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_HOST',
  'DOCKER_TLS_VERIFY',
  'HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
] as const;

/** What an engine has to say, without its own prefixes: `Error: `, `docker: Error response from daemon: `. */
const engineReason = (stderr: string): string =>
  (
    stderr
      .trim()
      .split('\n')
      .findLast((line) => /error/i.test(line)) ??
    stderr.trim().split('\n').at(-1) ??
    ''
  )
    .replace(/^(?:docker: )?(?:Error(?: response from daemon)?: )+/i, '')
    .replace(/\.$/, '');

/** What an engine says, as a failure; before it, what was tried. */
export const engineFailure = (engine: string, stderr: string, head = ''): Failure => ({
  kind: 'unavailable',
  message: `${head}${engine} says: ${engineReason(stderr).replace(/(?<![?!])$/, '.')}`,
});
