import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { openSessions } from './options.ts';
import { SESSION_SHAPE, sessionFields } from './session-fields.ts';

interface Options extends ConfigOptions, ListOptions {}

export function lsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'ls',
    summary: 'show the sessions that there are, and the model of each',
    description:
      'Shows the sessions that scorpiox made: project, model, container, how many clients show it, its windows, since when,\nand the folder. In a pipe: these, divided by tabs. Other sessions of tmux are not shown.',
    examples: ['scorpiox tmux ls', 'scorpiox tmux ls --jq \'.[] | select(.model == "opus").session\''],
  });
  addListOutput(command, `an array of ${SESSION_SHAPE}`).action(async (options: Options) => {
    const { tmux } = await openSessions(io, options);
    const { listOurs } = await import('../../ops/tmux/sessions.ts');
    await printRecords(io, orFail(await listOurs(tmux)).map(sessionFields), options);
  });
}
