import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { collect } from '../parse.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';
import { gather } from './trash/gather.ts';
import { showKept } from './trash/show.ts';

interface Options extends ConfigOptions, PlanOptions {
  readonly in: readonly string[];
  readonly all?: true;
  readonly remote?: true;
  readonly commit?: string;
}

export function restoreBranchesCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'restore [names...]',
    summary: 'bring deleted branches back, by their names',
    description:
      'Plans to restore branches that `branches prune` deleted, and does it with --apply: each at the commit that it was at, with its\nconfiguration and its log. One whose name is taken again is a reason to refuse. Without a name, what could be restored is\nshown, as by `branches trash`. To take all of a run back, `scorpiox undo RUN` does.',
    examples: [
      'scorpiox branches restore',
      'scorpiox branches restore feature/login --apply',
      'scorpiox branches restore --all --in /codebases/shop --apply --yes',
    ],
  });
  addPlanOptions(command)
    .option(
      '--in <folder>',
      'look in the repositories below it (default: the current one); may be repeated',
      collect,
      [],
    )
    .option('--all', 'everything that is in the trash')
    .option('--remote', 'branches that were deleted at remotes: they are pushed back')
    .option('--commit <id>', 'the one whose last commit has this id, or one that begins so')
    .action(async (names: readonly string[], options: Options) => {
      const { all: isAll = false, remote: isRemote = false, commit, in: roots } = options;
      if (isAll && names.length > 0)
        throw new CommandFailed({ kind: 'usage', message: 'Name branches, or say --all.' });
      const { kept, finish } = await gather(io, roots);
      if (!isAll && names.length === 0) {
        if (options.apply === true) throw new CommandFailed({ kind: 'usage', message: 'Name branches, or say --all.' });
        await showKept(io, kept, options);
        return finish();
      }
      const { planRestore } = await import('../../ops/branches/trash/plan-trash.ts');
      const wanted = { names, isAll, isRemote, ...(commit === undefined ? {} : { commit }) };
      await offerPlan(io, orFail(await planRestore(kept, wanted)), options);
      finish();
    });
}
