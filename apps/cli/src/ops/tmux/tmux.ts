/**
 * tmux's client. Several commands can be one message to the server, which does them without anything in between.
 *
 * What it makes of its arguments, and what is done about it here and by whoever calls:
 * - one that ends with `;` ends a command: it is escaped here;
 * - a program that is one argument goes to a shell, several are executed as they are: programs are never one (`pane.ts`);
 * - names of sessions, and folders (`-c`), are formats, where `#(…)` runs a command: `names.ts` leaves no `#` in a name,
 *   and a session gets its folder as the client's own;
 * - `-t name` is a beginning or a pattern of a name: targets are ids (`$3`), or `=name` where there is no id yet;
 * - without `-u` it writes `_` for what is not ASCII where the locale is not UTF-8.
 */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { findProgram } from '../find-program.ts';
import type { Ended, Programs } from '../programs.ts';
import { TMUX_TIMEOUT_MS } from './limits.ts';

export type TmuxCommand = readonly string[];

export interface Tmux {
  readonly programs: Programs;
  /** Its file. */
  readonly program: string;
  /** The command line of these commands. */
  argv(...commands: readonly TmuxCommand[]): readonly string[];
  /** Runs commands that change nothing. */
  ask(...commands: readonly TmuxCommand[]): Promise<Result<Ended, Failure>>;
  /** Runs commands that change something, in a folder where that matters. Fails where one of them did. */
  change(commands: readonly TmuxCommand[], cwd?: string): Promise<Result<Ended, Failure>>;
}

export async function openTmux(programs: Programs): Promise<Result<Tmux, Failure>> {
  const program = await findProgram('tmux', programs.env.PATH ?? '');
  if (program === undefined) {
    return err({ kind: 'unavailable', message: 'tmux is not there: install it (apt-get install tmux), 3.2 or newer.' });
  }
  const argv: Tmux['argv'] = (...commands) => ['tmux', '-u', ...commands.flatMap(escaped)];
  return ok({
    programs,
    program,
    argv,
    ask: (...commands) => programs.ask(argv(...commands), { timeoutMs: TMUX_TIMEOUT_MS }),
    change: async (commands, cwd) => {
      const ended = await programs.change(argv(...commands), {
        timeoutMs: TMUX_TIMEOUT_MS,
        ...(cwd === undefined ? {} : { cwd }),
      });
      return ended.ok && ended.value.code !== 0 ? err(tmuxFailure(ended.value)) : ended;
    },
  });
}

/** A command after others begins with the `;` between them. */
const escaped = (command: TmuxCommand, at: number): readonly string[] => [
  ...(at === 0 ? [] : [';']),
  ...command.map((argument) => argument.replace(/;$/, '\\;')),
];

/** What tmux says where there is no server, or where it just went. */
export const saysNoServer = ({ stderr }: Ended): boolean =>
  /^(?:no server running on |error connecting to .*\((?:No such file or directory|Connection refused)\)|lost server|server exited)/m.test(
    stderr,
  );

export const tmuxFailure = ({ stderr, code }: Ended): Failure => {
  const [line = ''] = stderr.trim().split('\n');
  const old = /unknown (?:option|flag) -- /.test(line) ? ' It has to be tmux 3.2 or newer.' : '';
  return { kind: 'error', message: `tmux says: ${line === '' ? `nothing, and ended with ${code}` : line}.${old}` };
};
