import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail } from '../../command.ts';
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
      'Shows every run of this user that was noted: what did it, how it ended, how many of its steps are done and how many\nwere undone. In a pipe: run, state, steps, done, undone, time and command, divided by tabs.',
    examples: ['scorpiox runs', `scorpiox runs list --jq '.[] | select(.state != "done").run'`],
  });
  addListOutput(command, 'an array of {run, state, steps, done, undone, started, command}').action(
    async (options: Options) => {
      const folder = orFail(runsFolder(io));
      const { listRuns } = await import('../../ops/runs/list-runs.ts');
      const { runs, unreadable } = orFail(await listRuns(folder, options.limit));
      await printRecords(io, runs, options);
      for (const file of unreadable) io.say(`scorpiox: ${file} is no journal that this version can read.\n`);
    },
  );
}
