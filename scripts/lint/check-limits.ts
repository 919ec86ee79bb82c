// docs/limits.md against the code: each limit of the mail server has a row with its value, or is named among those that
// nobody can go over; and no row is of a limit, key or test that is not there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const DOCUMENT = 'docs/limits.md';
const CODE = [
  'apps/imap/src/limits.ts',
  'apps/imap/src/wire/limits.ts',
  'apps/imap/src/message/limits.ts',
  'packages/maildir/src/mime/limits.ts',
];
const KEYS = 'docs/configuration.md';
const TESTS = 'apps/imap/tests';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  KiB: 1024,
  MiB: 1024 * 1024,
  ms: 1,
  s: 1000,
  min: 60_000,
};

/** The number that a cell shows, as `64 KiB` or `3 min`; `none` is infinite. */
function shownAs(cell: string): number {
  if (cell === 'none') return Number.POSITIVE_INFINITY;
  const [, number, unit = ''] = /^([\d.]+)(?: (\w+))?$/.exec(cell) ?? [];
  return number === undefined ? Number.NaN : Number(number) * (UNITS[unit] ?? Number.NaN);
}

/** Names and values; of what holds several, each by itself. */
function leavesOf(name: string, value: unknown): [string, number][] {
  if (typeof value === 'number') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(`${name}.${key}`, inner));
}

async function limitsIn(root: string): Promise<Map<string, number>> {
  const modules = await Promise.all(CODE.map((file) => import(pathToFileURL(join(root, file)).href)));
  return new Map(modules.flatMap((module) => Object.entries(module).flatMap(([name, value]) => leavesOf(name, value))));
}

interface Row {
  readonly name: string;
  readonly value: number;
  readonly keys: readonly string[];
  readonly tests: readonly string[];
}

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inner]) => inner ?? '');

function rowsOf(text: string): Row[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', value = '', , key = '', tests = ''] = line.split('|').map((cell) => cell.trim());
    if (!/^\| [A-Z]/.test(line)) return [];
    return [{ name, value: shownAs(value), keys: quoted(key), tests: quoted(tests) }];
  });
}

function wrongIn({ name, value, keys, tests }: Row, root: string, known: string, is: number | undefined): string[] {
  return [
    ...(is === undefined ? ['is no limit in the code'] : []),
    ...(is !== undefined && !Object.is(is, value) ? [`is ${is} in the code`] : []),
    ...(tests.length === 0 ? ['has no test'] : []),
    ...keys
      .filter((key) => !known.includes(`| \`${key}\` |`))
      .map((key) => `has the key ${key}, which is not in ${KEYS}`),
    ...tests
      .filter((test) => !existsSync(join(root, TESTS, `${test}.test.ts`)))
      .map((test) => `has the test ${test}, which is not in ${TESTS}`),
  ].map((what) => `${DOCUMENT}: ${name} ${what}`);
}

/** What does not agree, as sentences. */
export async function checkLimits(root: string): Promise<string[]> {
  const text = readFileSync(join(root, DOCUMENT), 'utf8');
  const limits = await limitsIn(root);
  const rows = rowsOf(text);
  const told = new Set(rows.map(({ name }) => name));
  const beyond = quoted(text.slice(text.indexOf('## What nobody can go over')));
  const isNamed = (name: string) => beyond.some((one) => name === one || name.startsWith(`${one}.`));
  const keys = readFileSync(join(root, KEYS), 'utf8');
  return [
    ...rows.flatMap((row) => wrongIn(row, root, keys, limits.get(row.name))),
    ...[...limits.keys()]
      .filter((name) => !told.has(name) && !isNamed(name))
      .map((name) => `${DOCUMENT}: does not name ${name}`),
    ...beyond
      .filter((one) => ![...limits.keys()].some((name) => name === one || name.startsWith(`${one}.`)))
      .map((one) => `${DOCUMENT}: ${one} is no limit in the code`),
  ];
}
