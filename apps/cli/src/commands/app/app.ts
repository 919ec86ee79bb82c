import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addAppCommand } from './add.ts';
import { keyCommands } from './key/key.ts';
import { listAppsCommand } from './list.ts';
import { retentionCommand } from './retention.ts';

export function appCommands(program: Command, io: Io): void {
  const app = defineGroup(program, 'app', 'Applications that send telemetry.');
  addAppCommand(app, io);
  listAppsCommand(app, io);
  retentionCommand(app, io);
  keyCommands(app, io);
}
