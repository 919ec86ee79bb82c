import type { Command } from 'commander';
import { defineGroup } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { emptyTrashCommand } from './empty.ts';
import { listTrashCommand } from './list.ts';

export function trashCommands(branches: Command, io: Io): void {
  const trash = defineGroup(branches, 'trash', 'Branches that were deleted and are kept.');
  listTrashCommand(trash, io);
  emptyTrashCommand(trash, io);
}
