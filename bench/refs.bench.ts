// `scorpiox refs scan`, as it is deployed, beside git grep and ripgrep over the same files in the same run. The peers look for
// the path in one spelling; the scan for all of them, in any case, and asks git at the end how the files stand.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cost, compare } from './refs/measure.ts';
import { makeLargeFile, makeRepository } from './refs/tree.ts';
import { figure, printTable } from './table.ts';

const PATH = '/Volumes/GitHub';
const ROUNDS = 5;
const FILES = 100_000;
const LARGE_OCTETS = 2 * 1024 ** 3;

const cli = fileURLToPath(new URL('../apps/cli/', import.meta.url));
execFileSync('npm', ['run', 'build'], { cwd: cli, stdio: 'ignore' });

const scan = (root: string) =>
  [process.execPath, join(cli, 'dist/main.js'), 'refs', 'scan', root, '--from', PATH] as const;
const ripgrep = (root: string) => ['rg', '-uuu', '--count', '--fixed-strings', PATH, root] as const;
const gitGrep = (root: string, ...options: readonly string[]) =>
  ['git', '-C', root, 'grep', '--count', '--fixed-strings', ...options, PATH] as const;

const folder = mkdtempSync(join(tmpdir(), 'scorpiox-bench-'));
const rows: string[][] = [];

function report(what: string, { here, git, rg }: Readonly<Record<'here' | 'git' | 'rg', Cost>>): void {
  const cells = (of: (cost: Cost) => number) => [here, git, rg].map((cost) => figure(of(cost)));
  rows.push([
    what,
    ...cells(({ seconds }) => seconds),
    `${figure(here.seconds / git.seconds)}; ${figure(here.seconds / rg.seconds)}`,
    cells(({ processorMs }) => processorMs).join(' / '),
    cells(({ peak }) => peak / 1e6).join(' / '),
  ]);
}

try {
  for (const oneIn of [1_000, 1]) {
    const root = join(folder, `every-${oneIn}`);
    makeRepository(root, FILES, oneIn);
    const commands = {
      here: scan(root),
      git: gitGrep(root, '--untracked', '--no-exclude-standard'),
      rg: ripgrep(root),
    };
    report(`${figure(FILES)} files, one in ${figure(oneIn)} says it`, await compare(commands, ROUNDS));
    rmSync(root, { recursive: true });
  }
  const root = join(folder, 'large');
  mkdirSync(root);
  makeLargeFile(join(root, 'log'), LARGE_OCTETS);
  const commands = { here: scan(root), git: gitGrep(root, '--no-index'), rg: ripgrep(root) };
  report('one file of 2 GiB', await compare(commands, 3));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const head = [
  'what',
  'here, s',
  'git grep, s',
  'ripgrep, s',
  'times git grep; ripgrep',
  'CPU here / git / rg, ms',
  'peak memory, MB',
];
printTable('refs scan', head, rows);
