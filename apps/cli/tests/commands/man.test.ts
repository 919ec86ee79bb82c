import { expect, it } from 'vitest';
import { examplesOf, pathOf } from '../../src/command.ts';
import { leavesOf } from '../../src/commands/man/page.ts';
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
