/**
 * What runs in a session's pane. Pure.
 *
 * A session has one program: the engine's client, or the command itself. When that ends, the session ends, and whoever shows
 * it is to get its exit code, which tmux by itself tells nobody. (A pane that stays when its program is dead would know it, but tmux 3.3 does not
 * always hear that a child has ended, where it keeps utmp, and then such a pane is never done.) So a shell waits for the program and tells tmux the code:
 * clients are replaced by `exit CODE`, and the session goes with the last of them.
 *
 * When tmux hangs up on it because the session is no more (`kill-session` by hand, a server that was killed), the engine's client dies and
 * what runs in the container would go on, unseen: something beside that shell hangs up on it too, as tmux does outside. (Not the shell: while it
 * waits for the client it hears nothing; when it dies of the hang-up, the system hangs up on all in the pane.)
 *
 * That shell, and each other one here, gets a script that is always the same, and what it runs as words of its own (`"$@"`),
 * which no shell parses.
 */
import type { Container } from '../containers/container.ts';
import { FIND, TAG } from '../containers/end-processes.ts';
import { detachKeys, type Engine } from '../containers/engine.ts';
import type { TmuxCommand } from './tmux.ts';

/**
 * $1 is tmux; $2 the engine (empty where there is none), $3 the container, $4 the session's tag, $5 what looks for it; the rest the program.
 * Ctrl-C is the program's, and not the end of who waits for it. Where there are other panes, only this one ends; else it waits until tmux hangs
 * up on it, which is when the clients have gone.
 */
const WAIT = [
  'tmux=$1 engine=$2 container=$3 tag=$4 find=$5; shift 5; trap : INT QUIT;',
  'if [ "$engine" ]; then {',
  `trap 'trap "" HUP; "$tmux" has-session -t "\\$\${TMUX##*,}" || "$engine" exec "$container" sh -c "$find" sh "$tag" HUP; exit' HUP;`,
  'sleep 2147483647 & wait; } </dev/null >/dev/null 2>&1 & fi; watch=$!;',
  '"$@"; code=$?; [ -z "$watch" ] || kill "$watch";',
  `case $("$tmux" display-message -p -t "$TMUX_PANE" '#{session_windows} #{window_panes}') in '1 1')`,
  '"$tmux" set-option -t "$TMUX_PANE" destroy-unattached on ";" detach-client -s "$TMUX_PANE" -E "exit $code"; sleep 5',
  ';; esac; exit $code',
].join(' ');

/** What a session runs, as far as waiting for it is concerned. */
export interface Waited {
  readonly argv: readonly string[];
  /** The engine's file and the container where it is in one. */
  readonly inside: { readonly engine: string; readonly container: string } | undefined;
  readonly origin: { readonly tag: string };
  readonly environment: { readonly unset: readonly string[] };
}

/** What waits for a program and tells how it ended. Several words, so that tmux executes the first itself. */
export const waitingFor = (tmux: string, { argv, inside, origin, environment }: Waited): readonly string[] => [
  ...(inside === undefined ? [] : without(environment.unset)),
  ...['/bin/sh', '-c', WAIT, 'sh', tmux, inside?.engine ?? '', inside?.container ?? '', origin.tag, FIND],
  ...argv,
];

/** What stands in the pane while a program is replaced by another. */
export const PLACEHOLDER: readonly string[] = ['/bin/sh', '-c', 'echo Restarting.; exec sleep 3600'];

/**
 * Windows and panes that are opened by hand, without a program of their own, are in the container as well: what tmux starts
 * there by itself, a shell of the host, is replaced.
 */
export function insideToo(target: string, program: readonly string[]): readonly TmuxCommand[] {
  const replace = `if-shell -F '#{pane_start_command}' {} { respawn-pane -k -- ${program.map(tmuxWord).join(' ')} }`;
  return ['after-new-window', 'after-split-window'].map((hook) => ['set-hook', '-t', target, hook, replace]);
}

/** As tmux's parser takes it for one word; between `'` nothing has a meaning for it. */
const tmuxWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A login shell: the one that the system's list of users has for the user, if it is one that can be started. With builtins only, in
 * case nothing but a shell is there.
 */
const LOGIN_SHELL = [
  'while read -r key real rest; do [ "$key" = Uid: ] && break; done </proc/self/status',
  '[ -r /etc/passwd ] && while IFS=: read -r name pass uid gid text home shell; do [ "$uid" = "$real" ] && break; shell=; done </etc/passwd',
  'case $shell in */nologin | */false) shell= ;; esac',
  '[ -x "$shell" ] || shell=/bin/sh',
  'export SHELL="$shell"',
  'exec "$shell" -l',
].join('; ');

export interface Inside {
  readonly engine: Engine;
  readonly container: Pick<Container, 'name' | 'env'>;
  readonly folder: string;
  readonly tag: string;
  readonly model: string | undefined;
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly envFile: string | undefined;
  /** A login shell where there is none. */
  readonly command: readonly string[] | undefined;
  /** What has to be taken out of the environment of the engine's client. */
  readonly unset: readonly string[];
}

/** The command line of a session in a container. */
export function programInside(inside: Inside): readonly string[] {
  const { engine, container, folder, tag, model, env, envFile, command = ['sh', '-c', LOGIN_SHELL], unset } = inside;
  // Whoever made the image has said which locale it has; else UTF-8, which every C library has under this name.
  const hasLocale = container.env.some((variable) => /^(?:LANG|LC_ALL|LC_CTYPE)=./.test(variable));
  const variables = [
    'TERM', // what tmux says that it is, which only the pane knows
    ...(hasLocale ? [] : ['LANG=C.UTF-8']),
    ...env,
    ...(model === undefined ? [] : [`CLAUDE_MODEL=${model}`]),
    `${TAG}=${tag}`,
  ];
  return [
    ...without(unset),
    ...[engine.program, 'exec', '--interactive', '--tty', '--detach-keys', detachKeys(engine)],
    ...(envFile === undefined ? [] : ['--env-file', envFile]),
    ...variables.flatMap((variable) => ['--env', variable]),
    ...['--workdir', folder, container.name, ...command],
  ];
}

/** The command line of a session without a container. */
export const programOutside = (
  { command, shell }: { readonly command: readonly string[] | undefined; readonly shell: string },
  unset: readonly string[],
): readonly string[] => [...(unset.length === 0 ? ['/usr/bin/env'] : without(unset)), ...(command ?? [shell, '-l'])];

const without = (names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : ['/usr/bin/env', ...names.flatMap((name) => ['-u', name])];
