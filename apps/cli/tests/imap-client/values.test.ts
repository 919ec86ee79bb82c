import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { astring, mailboxArgument } from '../../src/ops/imap-client/command.ts';
import { parseValues, textOf, type Value } from '../../src/ops/imap-client/values.ts';

describe('what stands in a response', () => {
  it.each<[string, readonly Value[]]>([
    ['', []],
    ['(\\HasNoChildren \\Sent) "." Sent', [['\\HasNoChildren', '\\Sent'], '.', 'Sent']],
    ['() NIL nil "NIL"', [[], null, null, 'NIL']],
    ['"a \\"b\\" \\\\"', ['a "b" \\']],
    [
      '(UID 7 BODY[HEADER.FIELDS (DATE TO)]<0> "x" FLAGS ())',
      [['UID', '7', 'BODY[HEADER.FIELDS (DATE TO)]<0>', 'x', 'FLAGS', []]],
    ],
    ['((("" "/")) NIL)', [[[['', '/']], null]]],
  ])('%s', (text, expected) => {
    expect(parseValues([text])).toEqual(expected);
  });

  it('literals stand where they came', () => {
    const pieces = ['(BODY[] ', Buffer.from('a)b'), ' UID 3 BODY[1] ', { streamed: 9 }, ')'];
    expect(parseValues(pieces)).toEqual([['BODY[]', Buffer.from('a)b'), 'UID', '3', 'BODY[1]', { streamed: 9 }]]);
  });

  it.each(['(', ')', '(()', '"open', '((a) b'])('is refused where it does not close: %s', (text) => {
    expect(() => parseValues([text])).toThrow(expect.objectContaining({ problem: 'protocol' }));
  });

  it('a mailbox has its name in modified UTF-7', () => {
    expect(mailboxArgument('Entwürfe & "mehr"')).toEqual(['"Entw&APw-rfe &- \\"mehr\\""']);
  });

  it('any text comes back from the argument that it was made', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const pieces = astring(text).map((part) => {
          if (typeof part === 'string') return part;
          return Buffer.concat('chunks' in part ? [...(part.chunks as Iterable<Uint8Array>)] : []);
        });
        expect(textOf(parseValues(pieces)[0])).toBe(text.toWellFormed());
      }),
    );
  });
});
