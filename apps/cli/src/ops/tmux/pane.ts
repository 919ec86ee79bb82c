/**
 * What runs in a session's pane, and what tmux is told about its end. Pure.
 *
 * A session has one program: the engine's client, or on its own the command. When that ends, the session ends, and whoever
 * shows it is to get its exit code, which tmux by itself tells nobody. So the pane stays for a moment (`remain-on-exit`), and
 * tmux runs `ENDING`: with other panes around, this one goes; else clients are replaced by `exit CODE`, and the session is
 * destroyed with the last of them. These are tmux's own commands, and the same for every session; the number is tmux's.
 */

import type { Container } from '../containers/container.ts';
import { TAG } from '../containers/end-processes.ts';
import { detachKeys, type Engine } from '../containers/engine.ts';
import type { TmuxCommand } from './tmux.ts';

/** The number that a shell would give: of a signal, 128 more. */
const CODE = '#{?pane_dead_status,#{pane_dead_status},#{e|+:128,#{pane_dead_signal}}}';

const ENDING = [
  "if-shell -F '#{&&:#{==:#{session_windows},1},#{==:#{window_panes},1}}' {",
  "if-shell -F '#{session_attached}' {",
  `set-option -t : destroy-unattached on ; run-shell -C "detach-client -s : -E 'exit ${CODE}'"`,
  '} { kill-session } } { kill-pane }',
].join(' ');

/** Commands that let the pane end as it should, told of a session or pane. */
export const endingOf = (target: string): readonly TmuxCommand[] => [
  ['set-option', '-p', '-t', target, 'remain-on-exit', 'on'],
  ['set-hook', '-p', '-t', target, 'pane-died', ENDING],
];

/** Commands that let the pane stay when its program ends, and nothing follow from that. */
export const stayingOf = (target: string): readonly TmuxCommand[] => [
  ['set-option', '-p', '-t', target, 'remain-on-exit', 'on'],
  ['set-hook', '-pu', '-t', target, 'pane-died'],
];

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

/** The command line of a session without a container. Always several words, of which tmux executes the first without a shell. */
export const programOutside = (
  { command, shell }: { readonly command: readonly string[] | undefined; readonly shell: string },
  unset: readonly string[],
): readonly string[] => [...(unset.length === 0 ? ['/usr/bin/env'] : without(unset)), ...(command ?? [shell, '-l'])];

const without = (names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : ['/usr/bin/env', ...names.flatMap((name) => ['-u', name])];
