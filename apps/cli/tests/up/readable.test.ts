import { expect, it } from 'vitest';
import { readable } from '../../src/ops/up/readable.ts';

it.each([
  ['Port 1143 is in use.', 'Port 1143 is in use.'],
  ['{"level":30,"time":1,"pid":2,"hostname":"h","app":"imap","msg":"listening","port":1143}', 'listening port=1143'],
  ['{"level":40,"msg":"slow","user":"a b","list":["x"]}', 'warning: slow user=a b list=["x"]'],
  ['{"level":60,"msg":"gone"}', 'error: gone'],
  ['{"half', '{"half'],
  ['{"no":"message"}', '{"no":"message"}'],
])('shows %s as %s', (line, shown) => {
  expect(readable(line)).toBe(shown);
});

it('sends nothing to the terminal that would move its cursor or change its title', () => {
  const esc = String.fromCharCode(27);
  const logged = JSON.stringify({
    level: 30,
    msg: 'signed in',
    user: `${esc}]0;owned${String.fromCharCode(0x9b)}2J`,
  });
  expect(readable(logged)).toBe('signed in user=\\x1b]0;owned\\x9b2J');
  expect(readable(`${esc}[31m`)).toBe('\\x1b[31m');
});
