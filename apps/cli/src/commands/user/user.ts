import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addUserCommand } from './add.ts';
import { appPasswordCommands } from './app-password/app-password.ts';
import { listUsersCommand } from './list.ts';
import { passwordCommand } from './password.ts';

export function userCommands(program: Command, io: Io): void {
  const user = defineGroup(program, 'user', 'Accounts for mail and for the dashboard.');
  addUserCommand(user, io);
  listUsersCommand(user, io);
  passwordCommand(user, io);
  appPasswordCommands(user, io);
}
