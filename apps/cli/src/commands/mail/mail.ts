import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { backupMailCommand } from './backup/backup.ts';
import { deliverMailCommand } from './deliver.ts';
import { exportMailCommand } from './export.ts';
import { importMailCommand } from './import.ts';
import { listMailCommand } from './list.ts';
import { repairMailCommand } from './repair.ts';
import { restoreMailCommand } from './restore.ts';
import { searchMailCommand } from './search.ts';
import { showMailCommand } from './show.ts';
import { mailStatusCommand } from './status.ts';
import { textIndexCommands } from './text-index/text-index.ts';
import { verifyMailCommand } from './verify.ts';

export function mailCommands(program: Command, io: Io): void {
  const mail = defineGroup(program, 'mail', "People's mail.");
  listMailCommand(mail, io);
  mailStatusCommand(mail, io);
  searchMailCommand(mail, io);
  showMailCommand(mail, io);
  deliverMailCommand(mail, io);
  importMailCommand(mail, io);
  exportMailCommand(mail, io);
  verifyMailCommand(mail, io);
  repairMailCommand(mail, io);
  backupMailCommand(mail, io);
  restoreMailCommand(mail, io);
  textIndexCommands(mail, io);
}
