import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openAccounts } from '../../src/accounts/index.ts';
import { temporaryFolder } from '../folders.ts';

const MODULE = new URL('../../src/accounts/index.ts', import.meta.url).href;
const run = promisify(execFile);

/** Opens the file in a process of its own and adds its accounts one after the other. */
const SCRIPT = `
  const { openAccounts } = await import(process.argv[1]);
  const accounts = openAccounts(process.argv[2]);
  for (const name of process.argv.slice(3)) {
    const result = await accounts.add({ name, password: 'x' });
    process.stdout.write((result.ok ? 'added' : result.error.code) + '\\n');
  }
  accounts.close();
`;

test('processes that start at once on a file that is not there yet share it', async () => {
  const file = join(temporaryFolder(), 'data/accounts.db');
  const processes = ['a', 'b', 'c', 'd'].map((own) =>
    run(process.execPath, ['--input-type=module', '-e', SCRIPT, MODULE, file, `${own}1`, 'shared', `${own}2`]),
  );
  const outputs = (await Promise.all(processes)).map(({ stdout }) => stdout.trim().split('\n'));
  expect(outputs.map((lines) => lines[1]).sort()).toEqual(['added', 'exists', 'exists', 'exists']);
  const accounts = openAccounts(file);
  const names = accounts.list().map(({ name }) => name);
  accounts.close();
  expect(names).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1', 'd2', 'shared']);
});

/** Opens one file after the other, each at the moment at which the other processes do, and says what went wrong. */
const RACE = `
  const { openAccounts } = await import(process.argv[1]);
  const ready = Number(process.argv[2]);
  for (const [index, file] of process.argv.slice(3).entries()) {
    while (Date.now() < ready + index * 40) {}
    try { openAccounts(file).close(); } catch (error) { process.stdout.write(error.message + '\\n'); }
  }
`;

test('processes that make the same new file at the same moment do not fail for its lock', async () => {
  const folder = temporaryFolder();
  const files = Array.from({ length: 25 }, (_, index) => join(folder, `accounts-${index}.db`));
  const start = String(Date.now() + 1500);
  const processes = Array.from({ length: 6 }, () =>
    run(process.execPath, ['--input-type=module', '-e', RACE, MODULE, start, ...files]),
  );
  expect((await Promise.all(processes)).map(({ stdout }) => stdout)).toEqual(Array.from({ length: 6 }, () => ''));
});
