import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMailboxName, encodeMailboxName } from '../../src/wire/utf7.ts';

describe('modified UTF-7', () => {
  it.each([
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['Entwürfe', 'Entw&APw-rfe'],
    ['A & B', 'A &- B'],
    ['&', '&-'],
    ['😀', '&2D3eAA-'],
    ['tab\there', 'tab&AAk-here'],
    ['', ''],
  ])('%s', (name, wire) => {
    expect(encodeMailboxName(name)).toBe(wire);
    expect(decodeMailboxName(wire)).toBe(name);
  });

  it.each([
    ['a shift that does not end', 'a&AOQ'],
    ['a lone ampersand', 'a & b'],
    ['what could stand for itself', '&AGE-'],
    ['two shifts where one would do', '&AOQ-&AOQ-'],
    ['an odd number of octets', '&AOQA-'],
    ['bits left over', '&AOR-'],
    ['ordinary base64', '&U/BTFw-'],
    ['padding', '&AOQ=-'],
    ['half a surrogate pair', '&2D0-'],
    ['octets above 127', 'Entw\xc3\xbcrfe'],
    ['a control character', 'a\x07'],
    ['a line end', 'a\r\nb'],
  ])('refuses %s', (_, wire) => {
    expect(decodeMailboxName(wire)).toBeUndefined();
  });

  it('brings every name back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const wire = encodeMailboxName(name);
        expect(wire).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeMailboxName(wire)).toBe(name);
      }),
    );
  });

  it('has one spelling for each name', () => {
    const spelling = fc.array(fc.constantFrom('&', '-', 'A', 'O', 'Q', ',', '+', '=', 'a', ' '), { maxLength: 12 });
    fc.assert(
      fc.property(spelling, (chars) => {
        const wire = chars.join('');
        const name = decodeMailboxName(wire);
        if (name !== undefined) expect(encodeMailboxName(name)).toBe(wire);
      }),
      { numRuns: 3_000 },
    );
  });
});
