import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { listBranchesCommand } from './list.ts';
import { pruneBranchesCommand } from './prune.ts';
import { restoreBranchesCommand } from './restore.ts';
import { trashCommands } from './trash/trash.ts';

export function branchesCommands(program: Command, io: Io): void {
  const branches = defineGroup(program, 'branches', 'Branches of git repositories that have landed.');
  listBranchesCommand(branches, io);
  pruneBranchesCommand(branches, io);
  restoreBranchesCommand(branches, io);
  trashCommands(branches, io);
}
