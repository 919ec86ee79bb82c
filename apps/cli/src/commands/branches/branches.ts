import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { restoreBranchesCommand } from './restore.ts';
import { trashCommands } from './trash/trash.ts';

export function branchesCommands(program: Command, io: Io): void {
  const branches = defineGroup(program, 'branches', 'Branches of git repositories that have landed.');
  restoreBranchesCommand(branches, io);
  trashCommands(branches, io);
}
