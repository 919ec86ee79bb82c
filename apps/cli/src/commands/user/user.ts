import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addUserCommand } from './add.ts';
import { appPasswordCommands } from './app-password/app-password.ts';
import { disableUserCommand, enableUserCommand } from './disable.ts';
import { importUsersCommand } from './import.ts';
import { listUsersCommand } from './list.ts';
import { passwdCommand } from './passwd.ts';
import { removeUserCommand } from './rm.ts';

export function userCommands(program: Command, io: Io): void {
  const user = defineGroup(program, 'user', 'Accounts for mail and for the dashboard.');
  addUserCommand(user, io);
  listUsersCommand(user, io);
  passwdCommand(user, io);
  disableUserCommand(user, io);
  enableUserCommand(user, io);
  removeUserCommand(user, io);
  importUsersCommand(user, io);
  appPasswordCommands(user, io);
}
