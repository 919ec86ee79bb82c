import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { enterCommand, newCommand } from './enter.ts';
import { killCommand } from './kill.ts';
import { lsCommand } from './ls.ts';
import { peekCommand } from './peek.ts';
import { restartCommand } from './restart.ts';
import { sendCommand } from './send.ts';
import { takeVerbAnywhere } from './verb-first.ts';
import { watchCommand } from './watch.ts';

/** `scorpiox-tmux` is this by a name of its own. */
export function tmuxCommands(program: Command, io: Io): void {
  const tmux = defineGroup(
    program,
    'tmux',
    'Sessions of projects: a tmux session for each, in a container of its own.\nWithout a command: enter.',
  ).version(program.version() ?? '', '--version', 'show the version');
  enterCommand(tmux, io);
  newCommand(tmux, io);
  lsCommand(tmux, io);
  peekCommand(tmux, io);
  watchCommand(tmux, io);
  sendCommand(tmux, io);
  restartCommand(tmux, io);
  killCommand(tmux, io);
  takeVerbAnywhere(tmux);
}
