import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { parseAge } from '../../parse.ts';
import { offerPlan } from '../../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../../plan/options.ts';
import { gather } from './gather.ts';

interface Options extends ConfigOptions, PlanOptions {
  /** Milliseconds. */
  readonly olderThan?: number;
}

export function emptyTrashCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'empty [roots...]',
    summary: 'give up deleted branches for good',
    description:
      'Plans to take deleted branches out of the trash of every repository below some folders (default: the current one), and does\nit with --apply: from then on `git gc` may take commits that nothing else holds. It cannot be undone, so --confirm=trash has\nto be said. What was deleted at a time that is noted nowhere is of no age, and stays where --older-than is said.',
    examples: [
      'scorpiox branches trash empty --older-than 90d',
      'scorpiox branches trash empty /codebases --older-than 90d --apply --confirm=trash',
    ],
  });
  addPlanOptions(command, { confirm: 'trash' })
    .option('--older-than <age>', 'only what was deleted longer ago: 12h, 30d, 8w', parseAge)
    .action(async (roots: readonly string[], options: Options) => {
      const { kept, finish } = await gather(io, roots);
      const { planEmpty } = await import('../../../ops/branches/trash/plan-trash.ts');
      const before = options.olderThan === undefined ? undefined : new Date(Date.now() - options.olderThan);
      const meant = before === undefined ? kept : kept.filter(({ deleted }) => deleted && new Date(deleted) < before);
      await offerPlan(io, await planEmpty(meant), options);
      finish();
    });
}
