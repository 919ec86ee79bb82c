// Counts every workspace's test results into one line, `N passed, N failed`, the last of `.ci/run`. A file that failed to
// load counts as one failure, and so does a suite that left no result at all: silence is not success.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RESULTS } from './vitest-shared.ts';

/** The part of vitest's JSON report that is read. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, a line each. */
  readonly failures: readonly string[];
}

/** Counts one report. A file in which nothing failed but which failed itself did not load. */
export function countReport(report: Report): Count {
  let [passed, failed, skipped] = [0, 0, 0];
  const failures: string[] = [];
  for (const file of report.testResults) {
    const broken = file.assertionResults.filter((test) => test.status === 'failed');
    passed += file.assertionResults.filter((test) => test.status === 'passed').length;
    skipped += file.assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed').length;
    failed += broken.length;
    failures.push(...broken.map((test) => `${file.name}: ${test.fullName}`));
    if (file.status === 'failed' && broken.length === 0) {
      failed += 1;
      failures.push(`${file.name}: did not load: ${file.message.split('\n')[0] ?? ''}`);
    }
  }
  return { passed, failed, skipped, failures };
}

function countSuite(name: string): Count {
  const file = join(RESULTS, `${name}.json`);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, failures: [`${name}: left no test results`] };
  // vitest wrote the file by its own schema.
  return countReport(JSON.parse(readFileSync(file, 'utf8')) as Report);
}

/** The workspaces, and `platform` for tests/. */
function suites(): string[] {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const under = (folder: string) => readdirSync(join(root, folder)).map((name) => [folder, name] as const);
  const workspaces = [...under('apps'), ...under('packages')].filter(([folder, name]) =>
    existsSync(join(root, folder, name, 'vitest.config.ts')),
  );
  return [...workspaces.map(([, name]) => name), 'platform'];
}

if (import.meta.main) {
  const counts = suites().map(countSuite);
  const sum = (pick: (count: Count) => number) => counts.reduce((total, count) => total + pick(count), 0);
  for (const line of counts.flatMap((count) => count.failures)) process.stdout.write(`FAILED ${line}\n`);
  const skipped = sum((count) => count.skipped);
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  const failed = sum((count) => count.failed);
  process.stdout.write(`${sum((count) => count.passed)} passed, ${failed} failed\n`);
  process.exit(failed > 0 ? 1 : 0);
}
