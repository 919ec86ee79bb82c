// Mailbox names and strings in the encoding that is enabled.

import { describe, expect, it } from 'vitest';
import { body, failure, UTF8 } from './parsing.ts';

describe('names and strings once UTF-8 is enabled (RFC 6855 §3, RFC 9051 §5.1)', () => {
  const wire = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  const literal = (text: string) => `{${Buffer.byteLength(text)}+}\r\n${wire(text)}`;

  it.each([
    [`DELETE "${wire('Entwürfe/日本')}"`, 'Entwürfe/日本'],
    [`DELETE ${literal('Entwürfe 😀')}`, 'Entwürfe 😀'],
    ['DELETE &APw-', '&APw-'],
    ['DELETE "R&D"', 'R&D'],
    ['DELETE iNbOx', 'INBOX'],
  ])('%s', (line, mailbox) => expect(body(line, UTF8)).toMatchObject({ mailbox }));

  it.each([
    ...['DELETE "\xfc"', 'DELETE {1+}\r\n\xfc', 'DELETE "\xed\xa0\x80"', 'DELETE "\xc0\xaf"', 'DELETE "a\tb"'],
    ...[
      'LIST "" "\xff"',
      `DELETE "${wire('a\u2028b')}"`,
      `DELETE "${wire('a\u0085b')}"`,
      'RENAME a "\xe4"',
      'DELETE ""',
    ],
  ])('refuses the name in %j', (line) => expect(failure(`A1 ${line}`, UTF8)).toBe('bad-mailbox-name'));

  it('refuses them before, where only modified UTF-7 is legal', () => {
    expect(failure('A1 DELETE R&D')).toBe('bad-mailbox-name');
    expect(failure(`A1 DELETE "${wire('ü')}"`)).toBe('bad-mailbox-name');
    expect(body('DELETE &APw-')).toMatchObject({ mailbox: 'ü' });
  });

  it('reads patterns', () => {
    expect(body(`LIST "" ("${wire('ü%')}" b)`, UTF8)).toMatchObject({ patterns: ['ü%', 'b'] });
  });

  it('wants UTF-8 in quoted strings, and leaves literals to the charset', () => {
    expect(body(`SEARCH SUBJECT "${wire('ü')}"`, UTF8)).toMatchObject({ criteria: { text: 'ü' } });
    expect(failure('A1 SEARCH SUBJECT "\xfc"', UTF8)).toBe('syntax');
    expect(failure('A1 SEARCH SUBJECT {1+}\r\n\xfc', UTF8)).toBe('syntax');
    expect(failure('A1 ID ("name" "\xfc")', UTF8)).toBe('syntax');
    expect(body('SEARCH CHARSET ISO-8859-1 SUBJECT {1+}\r\n\xfc', UTF8)).toMatchObject({ criteria: { text: 'ü' } });
  });
});

describe('a literal8', () => {
  it.each([
    'SELECT ~{5+}\r\nINBOX',
    'LOGIN ~{1+}\r\na b',
    'SEARCH SUBJECT ~{1+}\r\na',
    'ID (~{1+}\r\na NIL)',
  ])('is no argument of %j', (line) => expect(failure(`A1 ${line}`)).toBe('syntax'));
  it('does not take the tilde of a name', () => {
    expect(body('SELECT ~peter')).toMatchObject({ mailbox: '~peter' });
  });
});
