import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { replaceRefsCommand } from './replace.ts';
import { scanRefsCommand } from './scan.ts';

export function refsCommands(program: Command, io: Io): void {
  const refs = defineGroup(program, 'refs', 'References to a path that is dead.');
  scanRefsCommand(refs, io);
  replaceRefsCommand(refs, io);
}
