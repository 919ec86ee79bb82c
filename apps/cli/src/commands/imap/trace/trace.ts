import type { Command } from 'commander';
import { defineGroup } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { listTracesCommand } from './list.ts';
import { showTraceCommand } from './show.ts';
import { startTraceCommand } from './start.ts';
import { stopTraceCommand } from './stop.ts';

export function traceCommands(imap: Command, io: Io): void {
  const trace = defineGroup(
    imap,
    'trace',
    'What a client and the server say to each other, without passwords and without mail.',
  );
  startTraceCommand(trace, io);
  stopTraceCommand(trace, io);
  listTracesCommand(trace, io);
  showTraceCommand(trace, io);
}
