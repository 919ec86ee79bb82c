import { expect, test } from 'vitest';
import { splitMbox } from '../support/mbox.ts';

const split = (text: string) => splitMbox(Buffer.from(text)).map(String);

test('messages end where the next separator begins', () => {
  expect(split('From a\nA: 1\n\nx\n\nFrom b\nB: 2\n\ny\n')).toEqual(['A: 1\n\nx\n\n', 'B: 2\n\ny\n']);
});

test('Content-Length protects a line that begins with From', () => {
  const body = 'From here on\nall is body\n';
  expect(split(`From a\nContent-Length: ${body.length}\n\n${body}\nFrom b\nB: 2\n\ny\n`)).toEqual([
    `Content-Length: ${body.length}\n\n${body}`,
    'B: 2\n\ny\n',
  ]);
});

test('a Content-Length that leads nowhere is not believed', () => {
  expect(split('From a\nContent-Length: 3\n\nlonger body\n\nFrom b\nB: 2\n\ny\n')).toHaveLength(2);
});
