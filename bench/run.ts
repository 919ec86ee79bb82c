// `npm run bench [NAME[:WORD] …]`: runs the benchmarks one after the other and prints their tables in Markdown, as they stand in
// docs/performance.md; with a word only the rows in whose name it is, where a benchmark knows that (imap, ingest). Every figure is beside a peer in the same run; on a noisy machine only the ratios say something.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''));
const wanted = process.argv.slice(2).map((argument) => argument.split(':'));
const unknown = wanted.map(([name = '']) => name).filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark ${unknown.join(', ')}; there are: ${all.join(', ')}\n`);
  process.exit(64);
}
for (const [name, ...words] of wanted.length > 0 ? wanted : all.map((each) => [each])) {
  const { status } = spawnSync(process.execPath, [join(folder, `${name}.bench.ts`), ...words], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
