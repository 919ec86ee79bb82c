import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { deliverMailCommand } from './deliver.ts';
import { verifyMailCommand } from './verify.ts';

export function mailCommands(program: Command, io: Io): void {
  const mail = defineGroup(program, 'mail', "People's mail.");
  deliverMailCommand(mail, io);
  verifyMailCommand(mail, io);
}
