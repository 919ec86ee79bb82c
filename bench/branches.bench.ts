// What became of 1,000 branches on 50,000 commits, beside asking `git cherry` about each of them.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { buildRepository } from './branches/build.ts';
import { memory } from './support/usage.ts';
import { figure, printTable, seconds } from './table.ts';

const SIZE = { commits: 50_000, branches: 1_000, files: 2_000 } as const;
/** Branches that `git cherry` is asked about; the rest is reckoned from them. */
const SAMPLE = 25;
const MAIN = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url));

interface Listed {
  readonly branch: string;
  readonly verdict: string;
}

/** The command as people start it, with the most memory that it and its gits had together. */
async function list(path: string): Promise<{ readonly branches: readonly Listed[]; readonly peak: number }> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'branches', 'list', path, '--json'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, memory(child.pid ?? 0));
  }, 50);
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  clearInterval(watch);
  return { branches: JSON.parse(output), peak };
}

const folder = mkdtempSync(join(tmpdir(), 'bench-branches-'));
try {
  const made = await seconds(() => buildRepository(folder, SIZE));
  process.stderr.write(`made in ${figure(made)} s\n`);
  let listed: Awaited<ReturnType<typeof list>> = { branches: [], peak: 0 };
  const ours = await seconds(async () => {
    listed = await list(folder);
  });
  const { branches, peak } = listed;
  const kinds = [...Map.groupBy(branches, ({ verdict }) => verdict)].map(([kind, { length }]) => `${length} ${kind}`);
  // What is an ancestor needs no cherry: that is for the others.
  const asked = branches.filter(({ verdict }) => verdict !== 'merged' && verdict !== 'fresh');
  const sample = asked.filter((_, at) => at % Math.ceil(asked.length / SAMPLE) === 0);
  const cherry = await seconds(() => {
    for (const { branch } of sample) execFileSync('git', ['-C', folder, 'cherry', 'main', branch]);
  });
  const all = (cherry / sample.length) * asked.length;
  printTable(
    'Branches',
    ['what', 'figure', 'beside'],
    [
      ['`branches list`: seconds for 1,000 branches on 50,000 commits', figure(ours), kinds.join(', ')],
      [
        `\`git cherry\` for each of the ${asked.length} that are no ancestors of main, seconds`,
        figure(all),
        `reckoned from ${sample.length} of them in ${figure(cherry)} s; ${figure(all / ours)} × as long`,
      ],
      ['peak memory of the command and its gits, MB', figure(peak / 2 ** 20), ''],
    ],
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
