// docs/imap-support.md against the server: a row per capability that the server names and no other, and tests that exist.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TABLE = 'docs/imap-support.md';
const CODE = 'apps/imap/src/session/capabilities.ts';
const TESTS = 'apps/imap/tests';

/** Names in the code's list. */
function namesInCode(text: string): string[] {
  return [...text.matchAll(/\bname: '([^']+)'/g)].map(([, name]) => name ?? '');
}

interface Row {
  readonly name: string;
  readonly tests: readonly string[];
}

function rowsOf(text: string): Row[] {
  return text.split('\n').flatMap((line) => {
    const [, name, , tests] = line.split('|').map((cell) => cell.trim());
    if (!line.startsWith('| ') || name === undefined || name === 'capability' || name.startsWith('---')) return [];
    return [{ name, tests: [...(tests ?? '').matchAll(/`([^`]+)`/g)].map(([, test]) => test ?? '') }];
  });
}

/** What does not agree, as sentences. */
export function checkImapSupport(root: string): string[] {
  const names = namesInCode(readFileSync(join(root, CODE), 'utf8'));
  const rows = rowsOf(readFileSync(join(root, TABLE), 'utf8'));
  const told = new Set(rows.map(({ name }) => name));
  return [
    ...(names.length === 0 ? [`${CODE}: no capability was found; has its form changed?`] : []),
    ...names.filter((name) => !told.has(name)).map((name) => `${TABLE}: has no row for ${name}, which ${CODE} names`),
    ...rows.filter(({ name }) => !names.includes(name)).map(({ name }) => `${TABLE}: ${name} is not in ${CODE}`),
    ...rows.filter(({ tests }) => tests.length === 0).map(({ name }) => `${TABLE}: ${name} has no test`),
    ...rows.flatMap(({ name, tests }) =>
      tests
        .filter((test) => !existsSync(join(root, TESTS, `${test}.test.ts`)))
        .map((test) => `${TABLE}: the test ${test} of ${name} is not in ${TESTS}`),
    ),
  ];
}
