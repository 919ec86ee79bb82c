import { expect, it } from 'vitest';
import { examplesOf, leavesOf, pathOf } from '../../src/command.ts';
import { MEANINGS } from '../../src/exit-codes.ts';
import { processIo } from '../../src/io.ts';
import { buildProgram } from '../../src/program.ts';
import { scorpioxHere } from '../support/here.ts';

const commands = leavesOf(buildProgram(processIo()));

it('every command has its help, with an example that begins with it', () => {
  expect(commands.length).toBeGreaterThan(30);
  for (const command of commands) {
    const path = pathOf(command);
    expect(command.summary(), path).not.toBe('');
    expect(command.description(), path).not.toBe('');
    expect(examplesOf(command).join('\n'), path).toContain(isDefault(path) ? path.split(' ', 2).join(' ') : path);
    expect(command.helpInformation(), path).toContain(`Usage: ${path}`);
  }
});

it.each([['user'], ['user', 'app-password'], ['cert'], ['mail']])('%s %s has examples of its own', async (...path) => {
  const { code, stdout } = await scorpioxHere([...path.filter((word) => word !== undefined), '--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`Examples:\n  \\$ scorpiox ${path.join(' ').trim()} \\w+`));
});

it('a name from before works, and is not shown', async () => {
  for (const path of [
    ['user', '--help'],
    ['user', 'passwd', '--help'],
    ['user', 'password', '--help'],
  ]) {
    const { code, stdout } = await scorpioxHere(path);
    expect(code).toBe(0);
    expect(stdout).toContain('passwd');
    expect(stdout).not.toContain('|password');
  }
});

/** What a noun does by itself need not be named in full. */
const isDefault = (path: string): boolean => path === 'scorpiox runs list';

it('the manual page has every command with its options and examples, and every exit code', async () => {
  const { code, stdout, stderr } = await scorpioxHere(['man']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const plain = stdout.replaceAll('\\-', '-').replaceAll('\\e', '\\');
  for (const command of commands) {
    expect(plain).toContain(`.SS "${pathOf(command)}`);
    for (const { flags } of command.options) expect(plain).toContain(`.B "${flags.replaceAll('"', '""')}"`);
    for (const example of examplesOf(command)) expect(plain).toContain(`\n$ ${example}\n`);
  }
  for (const status of Object.keys(MEANINGS)) expect(plain).toContain(`\n.B ${status}\n`);
});

it('is a page that man shows as it is', async () => {
  const { stdout } = await scorpioxHere(['man']);
  for (const line of stdout.split('\n')) {
    expect(line).toMatch(/^(\.(TH|SH|SS|PP|TP|B|I|RI|EX|EE)( |$)|[^.']|$)/);
    expect(line).not.toMatch(/\\(?![-e&])/);
  }
});
