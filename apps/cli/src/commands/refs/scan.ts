import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { AbsolutePath } from '../../ops/refs/absolute-path.ts';
import type { Counts, Report } from '../../ops/refs/scan/findings.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { showProgress } from '../../output/progress.ts';
import { listenForStop } from '../../signals.ts';
import { count } from '../count.ts';
import { printReport } from './report.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly from: string;
  readonly to?: string;
  readonly exclude: readonly string[];
}

export function scanRefsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'scan <roots...>',
    summary: 'show where a path is said that is dead',
    description:
      'Looks for --from in every file below the folders: hidden and ignored ones, binaries, targets of symbolic links, and what\ngit keeps for itself, with the command that mends it. It finds the path in JSON, URLs, other separators and UTF-16, and\nshows apart what only looks like it. Nothing is changed. Where something is found it ends with 3.\nIn a pipe: kind, repository, file, standing, content, form, count, lines and mend, divided by tabs.',
    examples: [
      'scorpiox refs scan ~/code --from /Volumes/GitHub',
      'scorpiox refs scan ~/code /etc --from /Volumes/GitHub --to /codebases --exclude node_modules',
      'scorpiox refs scan . --from /Volumes/GitHub --jq \'.[] | select(.standing == "tracked") | .file\'',
    ],
  });
  addListOutput(command, 'an array of {kind, repository, file, standing, content, form, count, lines, mend}')
    .requiredOption('--from <path>', 'the path that is looked for')
    .option('--to <path>', 'the path that commands which mend are to write')
    .option('--exclude <glob>', 'leave out files and folders; may be said several times', addTo, [])
    .action(async (roots: readonly string[], options: Options) => run(io, roots, options));
}

const addTo = (glob: string, globs: readonly string[]): readonly string[] => [...globs, glob];

async function run(io: Io, roots: readonly string[], options: Options): Promise<void> {
  const { parseAbsolutePath } = await import('../../ops/refs/absolute-path.ts');
  const { excludesOf } = await import('../../ops/refs/scan/glob.ts');
  const { scan } = await import('../../ops/refs/scan/scan.ts');
  const from = usable(parseAbsolutePath(options.from));
  const to = options.to === undefined ? undefined : usable(parseAbsolutePath(options.to));
  const excludes = options.exclude.length === 0 ? undefined : usable(excludesOf(options.exclude));
  const signals = listenForStop();
  const progress = showProgress(io, { label: `Looking for ${from.text}`, unit: 'files' });
  try {
    const request = {
      roots: roots.map((root) => resolve(io.cwd, root)),
      from,
      ...(to === undefined ? {} : { to }),
      ...(excludes === undefined ? {} : { excludes }),
      env: io.env,
      signal: signals.stop,
      onProgress: progress.update,
    };
    const report = orFail(await scan(request));
    progress.end();
    await printReport(io, report, options);
    conclude(io, report, { from, to });
  } finally {
    progress.end();
    signals.dispose();
  }
}

/** The value, or the end of the command: it was not used right. */
function usable<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string },
): T {
  if (result.ok) return result.value;
  throw new CommandFailed({ kind: 'usage', message: result.error });
}

interface Paths {
  readonly from: AbsolutePath;
  readonly to: AbsolutePath | undefined;
}

/** Says what it came to, and ends with the code for that. */
function conclude(io: Io, { counts, notes, findings }: Report, { from, to }: Paths): void {
  for (const note of notes) io.say(`scorpiox: ${note}\n`);
  if (to === undefined && findings.some(({ mend }) => mend.length > 0)) {
    io.say('/NEW in these commands stands for the new path: --to names it.\n');
  }
  const message = `${looked(counts)}: ${said(counts, from)}.${left(counts)}`;
  if (counts.hits > 0) throw new CommandFailed({ kind: 'findings', message });
  if (counts.unreadable > 0) throw new CommandFailed({ kind: 'partly-done', message });
  io.say(`${message}\n`);
}

function looked({ files, repositories }: Counts): string {
  return `Looked through ${count(files, 'file')}${repositories === 0 ? '' : `, ${repositories.toLocaleString('en')} ${repositories === 1 ? 'repository' : 'repositories'} among them`}`;
}

function said({ saying, hits, nearMisses }: Counts, { text }: AbsolutePath): string {
  const near =
    nearMisses === 0 ? '' : `; ${nearMisses.toLocaleString('en')} only ${nearMisses === 1 ? 'looks' : 'look'} like it`;
  if (hits === 0) return `none says ${text}${near}`;
  return `${saying.toLocaleString('en')} ${saying === 1 ? 'says' : 'say'} ${text}, ${count(hits, 'time')} in all${near}`;
}

function left({ excluded, unreadable, dropped }: Counts): string {
  return [
    excluded === 0 ? '' : ` ${excluded.toLocaleString('en')} left out.`,
    unreadable === 0 ? '' : ` ${unreadable.toLocaleString('en')} could not be read.`,
    dropped === 0 ? '' : ` ${count(dropped, 'finding')} more than are shown.`,
  ].join('');
}
