import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { STALE_DAYS } from '../../ops/branches/limits.ts';
import type { SurveyedAll } from '../../ops/branches/survey-all.ts';
import { isLanded } from '../../ops/branches/verdict.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printForPrograms, printRecords } from '../../output/print.ts';
import { showProgress } from '../../output/progress.ts';
import { painter } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { visibleLine } from '../../output/visible.ts';
import { listenForStop } from '../../signals.ts';
import { count } from '../count.ts';
import { collect, parseAge } from '../parse.ts';
import { headingOf, isOneOf, lineFields, programFields, rowOf, type Shown, WORDS } from './rows.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly into?: string;
  readonly keep: readonly string[];
  readonly verdict?: readonly string[];
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly stale?: number;
  readonly remote?: true;
}

const SHAPE =
  '{repository, into, branch, remote, verdict, landed, evidence, commit, lastCommit, ahead, behind, stale, upstream, upstreamGone, keptBy, inUse: [{worktree, how}]}';

export function listBranchesCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list [roots...]',
    summary: 'show what became of branches, and how that is known',
    description:
      'Looks at the branches of every repository below some folders (default: the current one) and tells of each whether its work has\nlanded: merged, rebased, squashed, reverted since, or not, each with its evidence. It changes nothing and fetches nothing.\nIn a pipe: repository, what it is compared with, branch, remote, verdict, whether it landed, evidence, commit, date of\nthat, commits ahead and behind, and whether it is stale, divided by tabs.',
    examples: [
      'scorpiox branches list /codebases',
      'scorpiox branches list --verdict landed --older-than 30d',
      'scorpiox branches list --verdict ahead,diverged,partly --remote',
      `scorpiox branches list /codebases --jq '.[] | select(.verdict == "reverted") | [.repository, .branch] | @tsv'`,
    ],
  });
  addListOutput(command, `an array of ${SHAPE}`)
    .option('--into <branch>', 'what work lands in (default: what the remote has for its main branch)')
    .option('--verdict <words>', `only what is one of these: ${WORDS.join(', ')}`, parseWords)
    .option('--older-than <age>', 'only where the last commit is older: 12h, 30d, 8w', parseAge)
    .option('--stale <age>', `call it stale where the last commit is older (default: ${STALE_DAYS}d)`, parseAge)
    .option('--keep <pattern>', 'call branches of such names kept; may be repeated', collect, [])
    .option('--remote', 'branches of remotes too, as they were last fetched')
    .action(async (roots: readonly string[], options: Options) => {
      const { surveys, repositories, unread } = await look(io, roots, options);
      const now = Date.now() / 1000;
      const all = surveys.flatMap((survey) =>
        survey.branches.map((branch) => ({
          survey,
          branch,
          isStale: branch.time > 0 && now - branch.time > (options.stale ?? STALE_DAYS * DAY_MS) / 1000,
        })),
      );
      await print(
        io,
        all.filter((shown) => isMeant(shown, options, now)),
        options,
        now,
      );
      for (const note of surveys.flatMap(({ notes }) => notes)) io.say(`${note}\n`);
      for (const why of unread) io.say(`Not looked at: ${why}\n`);
      const landed = all.filter(({ branch }) => isLanded(branch.verdict)).length;
      const looked = `Looked at ${tellRepositories(repositories)}: ${all.length.toLocaleString('en')} ${all.length === 1 ? 'branch' : 'branches'}, ${landed.toLocaleString('en')} landed`;
      if (unread.length === 0) io.say(`${looked}.\n`);
      else
        throw new CommandFailed({
          kind: 'partly-done',
          message: `${looked}; ${count(unread.length, 'place')} could not be looked at.`,
        });
    });
}

const DAY_MS = 86_400_000;

function parseWords(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.every((word) => WORDS.includes(word))) return words;
  throw new InvalidArgumentError(`It must be some of ${WORDS.join(', ')}, divided by commas.`);
}

async function look(io: Io, roots: readonly string[], options: Options): Promise<SurveyedAll> {
  const { surveyAll } = await import('../../ops/branches/survey-all.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'Looking branches over', unit: 'repositories' });
  try {
    const all = await surveyAll({
      roots: (roots.length === 0 ? ['.'] : roots).map((root) => resolve(io.cwd, root)),
      ...(options.into === undefined ? {} : { into: options.into }),
      keep: options.keep,
      remote: options.remote === true,
      git: { base: io.env },
      signal: signals.stop,
      onRepository: progress.update,
    });
    if (!signals.stop.aborted) return all;
    throw new CommandFailed({ kind: 'interrupted', message: 'Interrupted.' });
  } finally {
    progress.end();
    signals.dispose();
  }
}

const isMeant = (shown: Shown, { verdict, olderThan }: Options, now: number): boolean =>
  (verdict === undefined || isOneOf(shown, verdict)) &&
  (olderThan === undefined || (shown.branch.time > 0 && now - shown.branch.time > olderThan / 1000));

async function print(io: Io, meant: readonly Shown[], options: Options, now: number): Promise<void> {
  const shown = meant.slice(0, options.limit);
  if (await printForPrograms(io, shown.map(programFields), options)) return;
  if (!io.stdoutIsTerminal) return printRecords(io, shown.map(lineFields), {});
  const paint = painter(io);
  const tables = [...Map.groupBy(shown, ({ survey }) => survey)].map(([survey, those]) => {
    const rows = those.map((one, at) => rowOf(one, those[at - 1], now));
    return `${paint('bold', visibleLine(headingOf(survey, now)))}\n${table(rows)}`;
  });
  io.out(tables.join('\n'));
}

const tellRepositories = (number: number): string =>
  `${number.toLocaleString('en')} ${number === 1 ? 'repository' : 'repositories'}`;
