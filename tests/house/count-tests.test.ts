import { expect, test } from 'vitest';
import { countReport, total } from '../../scripts/count-tests.ts';

const file = (status: string, ...results: readonly string[]) => ({
  name: 'a.test.ts',
  status,
  message: 'Error: cannot find module\n  at …',
  assertionResults: results.map((result, index) => ({ status: result, fullName: `test ${index}` })),
});

test('passed, failed and skipped tests are counted apart', () => {
  const count = countReport({ testResults: [file('failed', 'passed', 'failed', 'skipped', 'passed')] });
  expect(count).toMatchObject({ passed: 2, failed: 1, skipped: 1 });
});

test('a file that did not load counts as one failure', () => {
  const count = countReport({ testResults: [file('failed'), file('passed', 'passed')] });
  expect(count).toMatchObject({ passed: 1, failed: 1 });
  expect(count.failures[0]).toContain('did not load: Error: cannot find module');
});

test('a file whose hook failed after its tests passed counts as a failure', () => {
  expect(countReport({ testResults: [file('failed', 'passed')] })).toMatchObject({ passed: 1, failed: 1 });
});

test('a run that failed although every test passed counts as one failure', () => {
  const passed = countReport({ testResults: [file('passed', 'passed')] });
  expect(total([passed], 1)).toMatchObject({ passed: 1, failed: 1 });
  expect(total([passed], 0)).toMatchObject({ passed: 1, failed: 0 });
});
