import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { showConfigCommand } from './show.ts';

export function configCommands(program: Command, io: Io): void {
  const config = defineGroup(program, 'config', 'The configuration of this installation.');
  showConfigCommand(config, io);
}
