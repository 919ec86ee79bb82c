import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { scorpiox, temporaryFolder } from '../support/scorpiox.ts';

it.each([
  [['--help'], 'Usage: scorpiox'],
  [['user', 'add', '--help'], '$ scorpiox user add alice'],
  [['help', 'user'], 'Usage: scorpiox user'],
])('answers %j on standard output', async (args, text) => {
  const { code, stdout, stderr } = await scorpioxHere(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(text);
});

it.each([
  [[], 'Usage: scorpiox'],
  [['usr'], "unknown command 'usr'"],
  [['user'], 'Usage: scorpiox user'],
  [['user', 'add'], "missing required argument 'name'"],
  [['user', 'add', 'alice', '--roll', 'admin'], "unknown option '--roll'"],
  [['user', 'add', 'alice', '--role', 'king', '--password-stdin'], 'Allowed choices are viewer, admin'],
  [['token', 'add', 'x'], "required option '--role <role>' not specified"],
  [['mail', 'deliver', 'alice', '-m'], 'argument missing'],
])('ends %j with 64, says what is wrong and where help is', async (args, text) => {
  const { code, stdout, stderr } = await scorpioxHere(args);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain(text);
  expect(stderr).toMatch(/--help|\[options\]/);
});

it('tells the same by the exit code of its process', async () => {
  expect(await scorpiox(['--help'])).toMatchObject({ code: 0, stderr: '' });
  expect(await scorpiox(['usr'])).toMatchObject({ code: 64, stdout: '' });
});

it('tells its version', async () => {
  expect(await scorpioxHere(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

it('does not repeat what may be a password given as an argument', async () => {
  for (const args of [
    ['hunter2'],
    ['--password=hunter2'],
    ['-phunter2'],
    ["--password=it's hunter2\nreally"],
    ['a\nb', 'hunter2'],
  ]) {
    const { code, stderr } = await scorpioxHere(['user', 'add', 'alice', ...args]);
    expect(code).toBe(64);
    expect(stderr).not.toContain('hunter2');
  }
});

it.each([
  ['user', 'add', 'alice', '--password-stdin'],
  ['app', 'add', 'shop'],
  ['mail', 'deliver', 'alice'],
  ['up'],
])('names an unknown configuration key and changes nothing: %s %s', async (...args) => {
  const folder = await temporaryFolder();
  const config = join(folder, 'scorpiox.toml');
  await writeFile(config, '[imap]\nprot = 1143\n');
  const given = args.filter((arg) => arg !== undefined);
  const { code, stdout, stderr } = await scorpioxHere([...given, '--config', config], {
    input: 'secret\n',
    cwd: folder,
  });
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain('imap.prot');
  expect(await readdir(folder)).toEqual(['scorpiox.toml']);
});
