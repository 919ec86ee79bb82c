import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addUserCommand } from './add.ts';

export function userCommands(program: Command, io: Io): void {
  const user = defineGroup(program, 'user', 'Accounts for mail and for the dashboard.');
  addUserCommand(user, io);
}
