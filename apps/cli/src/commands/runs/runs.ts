import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { listRunsCommand } from './list.ts';
import { showRunCommand } from './show.ts';

export function runsCommands(program: Command, io: Io): void {
  const runs = defineGroup(program, 'runs', 'What was done with --apply.');
  listRunsCommand(runs, io);
  showRunCommand(runs, io);
}
