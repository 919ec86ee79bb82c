import type { Command } from 'commander';
import { defineGroup } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addAppPasswordCommand } from './add.ts';
import { listAppPasswordsCommand } from './list.ts';
import { removeAppPasswordCommand } from './rm.ts';

export function appPasswordCommands(user: Command, io: Io): void {
  const group = defineGroup(
    user,
    'app-password',
    'Passwords of single mail programs, which can be taken back one by one.',
  );
  addAppPasswordCommand(group, io);
  listAppPasswordsCommand(group, io);
  removeAppPasswordCommand(group, io);
}
