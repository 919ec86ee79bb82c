// The part of `turbo lint` that looks at the house as a whole: style of the files outside the workspaces (Biome), import
// zones, documents, dependencies, unused code (knip). Prints every finding and fails if there is one.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { checkDependencies } from './lint/check-dependencies.ts';
import { checkDocuments } from './lint/check-documents.ts';
import { checkImapSupport } from './lint/check-imap-support.ts';
import { checkLimits } from './lint/check-limits.ts';
import { checkEnvironment, checkZones } from './lint/check-zones.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command: string, ...args: readonly string[]): { status: number; output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return { status: status ?? 1, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

/** Files that git tracks or would track: what is ignored is not the house. */
function filesOfTheHouse(): string[] {
  const { output, status } = run('git', 'ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate');
  if (status !== 0) throw new Error(`git ls-files failed: ${output}`);
  return output.split('\n').filter((file) => file !== '');
}

const deleted = new Set(run('git', 'ls-files', '--deleted').output.split('\n'));
const files = filesOfTheHouse().filter((file) => !deleted.has(file));
const findings = [
  ...checkZones(root, files),
  ...checkEnvironment(root, files),
  ...checkDocuments(root, files),
  ...checkImapSupport(root),
  ...(await checkLimits(root)),
  ...checkDependencies(
    root,
    files.filter((file) => /(?:^|\/)package\.json$/.test(file)),
  ),
];
for (const finding of findings) process.stderr.write(`${finding}\n`);

const tools = [
  run('biome', 'check', '--error-on-warnings', 'scripts', 'tests', 'bench', 'package.json', 'turbo.json', 'biome.json'),
  run('knip', '--no-progress'),
];
for (const { status, output } of tools) if (status !== 0) process.stderr.write(`${output}\n`);

const failed = findings.length > 0 || tools.some(({ status }) => status !== 0);
process.stdout.write(
  failed ? 'The house has findings; see above.\n' : `The house is in order: ${files.length} files.\n`,
);
process.exit(failed ? 1 : 0);
