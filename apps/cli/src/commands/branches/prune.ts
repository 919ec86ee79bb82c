import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Judged } from '../../ops/branches/prune/plan.ts';
import type { Pruned, PruneRequest } from '../../ops/branches/prune/prune.ts';
import { VERDICT_KINDS, type VerdictKind } from '../../ops/branches/verdict.ts';
import { showProgress } from '../../output/progress.ts';
import { table } from '../../output/table.ts';
import { visible, visibleLine } from '../../output/visible.ts';
import { listenForStop } from '../../signals.ts';
import { count } from '../count.ts';
import { collect, parseAge } from '../parse.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';

interface Options extends ConfigOptions, PlanOptions {
  readonly into?: string;
  readonly only: readonly string[];
  readonly keep: readonly string[];
  readonly verdict?: ReadonlySet<VerdictKind>;
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly remote?: true;
}

export function pruneBranchesCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'prune [roots...]',
    summary: 'delete branches whose work has landed, and keep them in a trash',
    description:
      'Looks at the branches of every repository below some folders (default: the current one), tells of each what becomes of it and\nwhy, and plans to delete those whose work is proved to have landed and to be there still; --apply does it. Each repository\nloses them in one transaction, or none where one of them moved. Branches in use are never taken. `scorpiox undo RUN` and\n`branches restore` bring them back, with configuration and reflog.',
    examples: [
      'scorpiox branches prune /codebases',
      "scorpiox branches prune /codebases --older-than 30d --keep 'wip/*' --apply",
      'scorpiox branches prune --only feature/login --verdict partly --apply --yes',
      'scorpiox branches prune --remote',
    ],
  });
  addPlanOptions(command)
    .option('--into <branch>', 'what work lands in (default: what the remote has for its main branch)')
    .option('--only <name>', 'only the branch of this name, or pattern; may be repeated', collect, [])
    .option('--keep <pattern>', 'leave branches of such names alone; may be repeated', collect, [])
    .option('--older-than <age>', 'only where the last commit is older: 12h, 30d, 8w', parseAge)
    .option('--verdict <kinds>', `what is one of these, instead of landed: ${NAMEABLE.join(', ')}`, parseVerdicts)
    .option('--remote', 'branches of remotes rather than those here: deleted there, kept here')
    .action(async (roots: readonly string[], options: Options) => {
      const { plan, branches, notes, unread } = await look(io, roots, options);
      for (const note of notes) io.say(`${visible(note)}\n`);
      for (const why of unread) io.say(`Not looked at: ${visible(why)}\n`);
      tell(io, branches);
      await offerPlan(io, plan, options, undefined, { branches, unread });
      if (unread.length === 0) return;
      const message = `${count(unread.length, 'place')} could not be looked at.`;
      throw new CommandFailed({ kind: 'partly-done', message });
    });
}

/** What cannot be known cannot be meant. */
const NAMEABLE = VERDICT_KINDS.filter((kind) => kind !== 'unknown');
const LANDED = ['merged', 'rebased', 'squashed', 'contained'] as const;

function parseVerdicts(text: string): ReadonlySet<VerdictKind> {
  const words = text.split(',').map((word) => word.trim());
  const kinds = words.flatMap((word) => (word === 'landed' ? LANDED : NAMEABLE.filter((kind) => kind === word)));
  if (words.every((word) => word === 'landed' || kinds.some((kind) => kind === word))) return new Set(kinds);
  throw new InvalidArgumentError(`It must be some of landed, ${NAMEABLE.join(', ')}, divided by commas.`);
}

async function look(io: Io, roots: readonly string[], options: Options): Promise<Pruned> {
  const { planPrune } = await import('../../ops/branches/prune/prune.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'Looking branches over', unit: 'repositories' });
  const { into, only, keep, verdict, olderThan, remote } = options;
  const request: PruneRequest = {
    roots: (roots.length === 0 ? ['.'] : roots).map((root) => resolve(io.cwd, root)),
    ...(into === undefined ? {} : { into }),
    only,
    keep,
    ...(verdict === undefined ? {} : { verdicts: verdict }),
    ...(olderThan === undefined ? {} : { before: (Date.now() - olderThan) / 1000 }),
    isRemote: remote === true,
    signal: signals.stop,
    onProgress: progress.update,
  };
  try {
    return orFail(await planPrune(request));
  } finally {
    progress.end();
    signals.dispose();
  }
}

/** Tells people what becomes of each branch, a table for each repository. */
function tell(io: Io, branches: readonly Judged[]): void {
  for (const [repository, those] of Map.groupBy(branches, (branch) => branch.repository)) {
    const rows = those.map(({ branch, remote, goes, verdict, evidence, why }) => ({
      '': goes ? 'delete' : 'keep',
      branch: remote === null ? branch : `${remote}/${branch}`,
      verdict,
      because: goes ? evidence : why,
    }));
    io.say(`${visibleLine(repository)}\n${table(rows)}\n`);
  }
}
