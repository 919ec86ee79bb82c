import type { Command } from 'commander';
import { defineGroup } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { buildTextIndexCommand } from './build.ts';
import { textIndexStatusCommand } from './status.ts';

export function textIndexCommands(mail: Command, io: Io): void {
  const group = defineGroup(mail, 'text-index', 'What lets mail be searched without reading it.');
  textIndexStatusCommand(group, io);
  buildTextIndexCommand(group, io);
}
