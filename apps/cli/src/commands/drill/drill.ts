import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { drillDbCommand } from './db.ts';

export function drillCommands(program: Command, io: Io): void {
  const drill = defineGroup(program, 'drill', 'Makes a crisis on something of its own, mends it, and measures both.');
  drillDbCommand(drill, io);
}
