import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addTokenCommand } from './add.ts';

export function tokenCommands(program: Command, io: Io): void {
  const token = defineGroup(program, 'token', 'Bearer tokens for programs that read through the API.');
  addTokenCommand(token, io);
}
