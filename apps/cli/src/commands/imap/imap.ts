import type { Command } from 'commander';
import { defineGroup } from '../../command.ts';
import type { Io } from '../../io.ts';
import { kickCommand } from './kick.ts';
import { logsCommand } from './logs.ts';
import { probeCommand } from './probe.ts';
import { sessionsCommand } from './sessions.ts';
import { traceCommands } from './trace/trace.ts';

export function imapCommands(program: Command, io: Io): void {
  const imap = defineGroup(
    program,
    'imap',
    'The IMAP server while it runs: who is connected, what they do, whether it works.',
  );
  sessionsCommand(imap, io);
  kickCommand(imap, io);
  traceCommands(imap, io);
  logsCommand(imap, io);
  probeCommand(imap, io);
}
