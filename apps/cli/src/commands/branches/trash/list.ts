import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { gather } from './gather.ts';
import { KEPT_SHAPE, showKept } from './show.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listTrashCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list [roots...]',
    isDefault: true,
    summary: 'show the branches that were deleted and can be restored',
    description:
      'Shows what is in the trash of every repository below some folders (default: the current one), the last deleted first:\nrepository, branch, the remote that it was at, its last commit, when it was deleted, and why. In a pipe those fields are\ndivided by tabs.',
    examples: ['scorpiox branches trash', `scorpiox branches trash list /codebases --jq '.[].branch'`],
  });
  addListOutput(command, `an array of ${KEPT_SHAPE}`).action(async (roots: readonly string[], options: Options) => {
    const { kept, finish } = await gather(io, roots);
    await showKept(io, kept, options);
    finish();
  });
}
