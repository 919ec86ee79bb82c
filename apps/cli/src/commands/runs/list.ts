import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { runsFolder } from '../../state.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listRunsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list',
    isDefault: true,
    summary: 'show what was done, the latest first',
    description:
      'Shows every run of this user that was noted: what did it, how it ended, how many of its steps are done, how many\nwere undone and how many are half done. In a pipe: run, state, steps, done, undone, half, time and command, divided by\ntabs. A journal that cannot be read is named on standard error; the others are shown, and it ends with 6.',
    examples: ['scorpiox runs', `scorpiox runs list --jq '.[] | select(.state != "done").run'`],
  });
  addListOutput(command, 'an array of {run, state, steps, done, undone, half, started, command}').action(
    async (options: Options) => {
      const folder = orFail(runsFolder(io));
      const { listRuns } = await import('../../ops/runs/list-runs.ts');
      const { quietActions } = await import('../db/means.ts');
      const { runs, unreadable } = orFail(await listRuns(folder, quietActions(io, options), options.limit));
      await printRecords(io, runs, options);
      if (unreadable.length === 0) return;
      const message = `Not all runs are shown:\n${unreadable.map((one) => one.message).join('\n')}`;
      throw new CommandFailed({ kind: 'partly-done', message });
    },
  );
}
