import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printRecord } from '../../output/print.ts';
import { openSessions } from './options.ts';

interface Options extends ConfigOptions, OutputOptions {
  readonly dryRun?: true;
}

export function killCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'kill <session>',
    summary: 'end a session with all that it runs; files stay',
    description:
      'Ends a session and every process that was started in it, in its container too: first HUP, then TERM, then KILL.\nA container that scorpiox made is stopped with its last session. Neither it nor any file is removed.',
    examples: ['scorpiox tmux kill myproject', 'scorpiox tmux kill myproject --dry-run'],
  }).option('--dry-run', 'print the command lines that would be run, and run none that changes anything');
  addOutput(command, '{session, project, processes, stopped}').action(async (name: string, options: Options) => {
    const { tmux } = await openSessions(io, options);
    const { killSession } = await import('../../ops/tmux/kill.ts');
    const { findSession } = await import('../../ops/tmux/sessions.ts');
    const session = orFail(await findSession(tmux, name));
    const { processes, stopped } = orFail(await killSession(tmux, session));
    if (tmux.programs.isRehearsal) return;
    await printRecord(io, { session: session.name, project: session.origin.project, processes, stopped }, options);
  });
}
