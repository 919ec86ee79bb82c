import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';

const script = async (shell: string) => (await scorpioxHere(['completion', shell])).stdout;

it.each([
  [['scorpiox', ''], /^up user mail .*--help$/],
  [['scorpiox', 'app', 'k'], /^key$/],
  [['scorpiox', '--data-dir', 'x', 'app', 'key', 'add', 'shop', '--r'], /^--rate-limit$/],
  [['scorpiox', 'user', 'add', 'alice', '--pass'], /^--password-stdin$/],
  [['scorpiox', 'tmux', 'enter', 'shop', '--det'], /^--detached$/],
  [['/usr/bin/scorpiox-tmux', 're'], /^restart$/],
  [['scorpiox', 'nothing', 'k'], /^$/],
])('bash completes %j', async (words, expected) => {
  const ask = `_scorpiox; echo "\${COMPREPLY[*]}"`;
  const program = `${await script('bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ${ask}`;
  expect(execFileSync('bash', ['-c', program, 'bash', ...words], { encoding: 'utf8' }).trim()).toMatch(expected);
});

it('zsh and fish know the same words', async () => {
  for (const shell of ['zsh', 'fish']) {
    const text = await script(shell);
    for (const path of ['', 'app key add', 'user app-password list']) expect(text).toContain(`'${path}'`);
    expect(text).toContain('--rate-limit');
  }
  expect(await scorpioxHere(['completion', 'tcsh'])).toMatchObject({ code: 64, stdout: '' });
});
