import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import type { Replacing } from '../../ops/refs/change/replace.ts';
import { type Progress, showProgress } from '../../output/progress.ts';
import { visibleLine } from '../../output/visible.ts';
import { listenForStop } from '../../signals.ts';
import { originalsFolder } from '../../state.ts';
import { count } from '../count.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';

interface Options extends ConfigOptions, PlanOptions {
  readonly from: string;
  readonly to: string;
  readonly exclude: readonly string[];
  readonly onlyTracked?: true;
  readonly dirty?: true;
  readonly hardLinks?: true;
  readonly branch?: string;
  /** True where no message is given. */
  readonly commit?: string | true;
  /** False with --no-verify. */
  readonly verify: boolean;
}

/** Reasons that are told; the rest is counted. */
const REASONS = 20;

export function replaceRefsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'replace <roots...>',
    summary: 'write another path for one that is dead',
    description:
      'Writes --to wherever `refs scan` finds --from below the folders: each spelling in kind, all other octets, modes and line\nends as they are. Symbolic links get another target. Without --apply the plan is shown; `scorpiox undo` gives every\noctet back. A working tree with changes of its own is left, unless --dirty, and so are binaries and what only looks\nlike the path.',
    examples: [
      'scorpiox refs replace ~/code --from /Volumes/GitHub --to /codebases',
      'scorpiox refs replace ~/code --from /Volumes/GitHub --to /codebases --branch moved --commit --apply --yes',
    ],
  });
  addPlanOptions(command)
    .requiredOption('--from <path>', 'the path that is replaced')
    .requiredOption('--to <path>', 'the path that is written in its place')
    .option('--exclude <glob>', 'leave out files and folders; may be said several times', addTo, [])
    .option('--only-tracked', 'only files that git tracks: none that are ignored, new, or in no repository')
    .option('--dirty', 'take working trees too that have changes which are not committed')
    .option('--hard-links', 'part files from other names that they have')
    .option('--branch <name>', 'in each repository, go to a new branch first')
    .option('--commit [message]', 'commit in each repository what was changed, and nothing else')
    .option('--no-verify', 'commit without the hooks that may refuse it')
    .action(async (roots: readonly string[], options: Options) => replaceRefs(io, roots, options));
}

const addTo = (glob: string, globs: readonly string[]): readonly string[] => [...globs, glob];

async function replaceRefs(io: Io, roots: readonly string[], options: Options): Promise<void> {
  const originals = orFail(originalsFolder(io));
  const { planReplace, stillSaying } = await import('../../ops/refs/change/replace.ts');
  const { from, to, branch } = options;
  const request = {
    roots: roots.map((root) => resolve(io.cwd, root)),
    from,
    to,
    originals,
    excludes: options.exclude,
    onlyTracked: options.onlyTracked === true,
    dirty: options.dirty === true,
    hardLinks: options.hardLinks === true,
    noVerify: !options.verify,
    ...(branch === undefined ? {} : { branch }),
    ...(options.commit === undefined ? {} : { commit: messageOf(options) }),
  };
  const watched = (progress: Progress, stop: AbortSignal) =>
    planReplace({ ...request, env: io.env, signal: stop, onProgress: progress.update });
  const planned = orFail(await whileWatched(io, 'Looking for it', watched));
  tell(io, planned);
  await offerPlan(io, planned.plan, options);
  const left = whatIsLeft(planned);
  if (options.apply === true && planned.changed.length > 0) {
    const still = await whileWatched(io, 'Looking again', () => stillSaying(request, planned.changed));
    for (const path of still.slice(0, REASONS)) io.say(`${visibleLine(path)} still says ${from}.\n`);
    if (still.length > 0) left.push(`${count(still.length, 'file')} still say ${from}.`);
    else io.say(`Looked again: none of them says ${from} any more.\n`);
  }
  if (left.length > 0) throw new CommandFailed({ kind: kindOf(planned), message: left.join(' ') });
}

const messageOf = ({ commit, to }: Options): string =>
  typeof commit === 'string' ? commit : `Let references point to ${to}`;

/** With a bar, and an end at Ctrl-C. */
async function whileWatched<T>(
  io: Io,
  label: string,
  work: (progress: Progress, stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const signals = listenForStop();
  const progress = showProgress(io, { label, unit: 'files' });
  try {
    return await work(progress, signals.stop);
  } finally {
    progress.end();
    signals.dispose();
  }
}

/** Says what stays as it is, and why, and what is for others to do. */
function tell(io: Io, { refused, left, mends, notes }: Replacing): void {
  tellSome(io, 'Left as it is', [...refused, ...left.map(({ path, message }) => `${path} ${message}`)]);
  tellSome(io, 'For git to change', mends);
  for (const note of notes) io.say(`${visibleLine(note)}\n`);
}

function tellSome(io: Io, what: string, lines: readonly string[]): void {
  for (const line of lines.slice(0, REASONS)) io.say(`${what}: ${visibleLine(line)}\n`);
  if (lines.length > REASONS) io.say(`… and ${lines.length - REASONS} more.\n`);
}

function whatIsLeft({ refused, left, mends, isCut }: Replacing): string[] {
  const told = [];
  if (refused.length > 0) told.push(`${count(refused.length, 'working tree')} left as they are.`);
  if (left.length > 0) told.push(`${count(left.length, 'file')} left as they are.`);
  if (mends.length > 0) told.push(`${count(mends.length, 'command')} to be run for what git keeps for itself.`);
  if (isCut) told.push('There is more to be replaced than one run does: run it again.');
  return told;
}

function kindOf({ refused, changed }: Replacing): Failure['kind'] {
  if (refused.length === 0) return 'findings';
  return changed.length === 0 ? 'refused' : 'partly-done';
}
