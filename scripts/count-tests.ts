// Counts every workspace's test results into one line, `N passed, N failed`, the last of `.ci/run`. A file that failed to
// load counts as one failure, and so does a suite that left no result that can be read: silence is not success. Given the
// exit status of the run, it counts one failure where that is not 0 though every test passed: lint, types or a build failed.
//
//   node scripts/count-tests.ts [STATUS]
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

const oneFailure = (failure: string): Count => ({ passed: 0, failed: 1, skipped: 0, failures: [failure] });

function countSuite(name: string): Count {
  const file = join(RESULTS, `${name}.json`);
  if (!existsSync(file)) return oneFailure(`${name}: left no test results`);
  try {
    // vitest wrote the file by its own schema, or died while it did.
    return countReport(JSON.parse(readFileSync(file, 'utf8')) as Report);
  } catch (error) {
    return oneFailure(`${name}: its test results cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Adds up the suites; a run that failed although nothing was counted as failed is a failure of its own. */
export function total(counts: readonly Count[], status: number): Count {
  const sum = (pick: (count: Count) => number) => counts.reduce((all, count) => all + pick(count), 0);
  const failures = counts.flatMap((count) => count.failures);
  const unexplained = status !== 0 && failures.length === 0;
  if (unexplained) failures.push(`the run ended with ${status}: lint, types, a build or an error outside the tests`);
  return {
    passed: sum((count) => count.passed),
    failed: sum((count) => count.failed) + (unexplained ? 1 : 0),
    skipped: sum((count) => count.skipped),
    failures,
  };
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
  const { passed, failed, skipped, failures } = total(suites().map(countSuite), Number(process.argv[2] ?? 0));
  for (const line of failures) process.stdout.write(`FAILED ${line}\n`);
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exit(failed > 0 ? 1 : 0);
}
