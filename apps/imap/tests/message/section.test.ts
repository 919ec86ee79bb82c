import { selectFields } from '@scorpiox/maildir/mime';
import { describe, expect, it } from 'vitest';
import { crlf, octets, ownMessages, section } from './support.ts';

const parts = ownMessages().find(({ name }) => name === 'rfc3501-parts.eml')?.message ?? '';
const plain = crlf('Subject: plain\nX-A: 1\n folded\nx-a: 2\nTo: a@b\n\nbody\nlines\n');

describe('sections of a multipart (RFC 3501 §6.4.5)', () => {
  it.each([
    [[1], 'part 1'],
    [[2], 'cGFydCAy'],
    [[3, 1], 'part 3.1'],
    [[3, 2], 'part 3.2'],
    [[4, 1], 'part 4.1'],
    [[4, 2, 1], 'part 4.2.1'],
    [[4, 2, 2, 1], 'part 4.2.2.1'],
    [[4, 2, 2, 2], 'part 4.2.2.2'],
    [[5], null],
    [[1, 1], null],
    [[3, 3], null],
    [[4, 2, 3], null],
    [[3, 1, 1], null],
    [[99, 99], null],
  ])('%j', (part, expected) => {
    expect(section(parts, part)).toBe(expected);
  });

  it('HEADER, TEXT and MIME', () => {
    expect(section(parts, [], 'HEADER')).toBe(parts.slice(0, parts.indexOf('\r\n\r\n') + 4));
    expect(section(parts, [], 'TEXT')).toBe(parts.slice(parts.indexOf('preamble')));
    expect(section(parts, [])).toBe(parts);
    expect(section(parts, [1], 'MIME')).toBe('Content-Type: TEXT/PLAIN\r\n\r\n');
    expect(section(parts, [3], 'MIME')).toBe('Content-Type: MESSAGE/RFC822\r\n\r\n');
    expect(section(parts, [3], 'HEADER')).toBe(
      'Subject: inside 3\r\nFrom: inner@three.example\r\nContent-Type: multipart/mixed; boundary=three\r\n\r\n',
    );
    expect(section(parts, [4, 2], 'TEXT')?.startsWith('--fourtwo\r\n')).toBe(true);
    expect(`${section(parts, [3], 'HEADER')}${section(parts, [3], 'TEXT')}`).toBe(section(parts, [3]));
    expect(section(parts, [3], 'HEADER.FIELDS', ['from'])).toBe('From: inner@three.example\r\n\r\n');
    expect(section(parts, [3, 1], 'MIME')).toBe('\r\n');
  });

  it('HEADER and TEXT of a part that is no message do not exist', () => {
    for (const part of [[1], [4], [4, 1], [4, 2, 2]]) {
      expect(section(parts, part, 'HEADER')).toBeNull();
      expect(section(parts, part, 'TEXT')).toBeNull();
      expect(section(parts, part, 'HEADER.FIELDS', ['Subject'])).toBeNull();
    }
  });
});

describe('sections of a message in one part', () => {
  it('has part 1 and no other', () => {
    expect(section(plain, [1])).toBe('body\r\nlines\r\n');
    expect(section(plain, [1], 'MIME')).toBe(section(plain, [], 'HEADER'));
    expect(section(plain, [2])).toBeNull();
    expect(section(plain, [1, 1])).toBeNull();
    expect(section(plain, [1], 'TEXT')).toBeNull();
  });

  it('counts on inside a message that is the whole of a message', () => {
    const nested = ownMessages().find(({ name }) => name === 'nested-messages.eml')?.message ?? '';
    expect(section(nested, [1, 1, 1])).toBe('<p>');
    expect(section(nested, [1, 1], 'HEADER')).toBe('Content-Type: TEXT/HTML\r\nSubject: third\r\n\r\n');
    expect(section(nested, [1, 1, 1, 1])).toBeNull();
  });
});

describe('HEADER.FIELDS and HEADER.FIELDS.NOT', () => {
  it.each([
    ['HEADER.FIELDS', ['X-A'], 'X-A: 1\r\n folded\r\nx-a: 2\r\n\r\n'],
    ['HEADER.FIELDS', ['nothing'], '\r\n'],
    ['HEADER.FIELDS.NOT', ['x-a', 'TO'], 'Subject: plain\r\n\r\n'],
    ['HEADER.FIELDS.NOT', [], 'Subject: plain\r\nX-A: 1\r\n folded\r\nx-a: 2\r\nTo: a@b\r\n\r\n'],
  ] as const)('%s %j', (text, fields, expected) => {
    expect(section(plain, [], text, [...fields])).toBe(expected);
  });

  it('ends in a blank line, and no field runs into another, when the header is cut off', () => {
    expect(section('Subject: x\r\nTo: y', [], 'HEADER.FIELDS', ['to'])).toBe('To: y\r\n\r\n');
    expect(section('', [], 'HEADER.FIELDS', ['to'])).toBe('\r\n');
  });

  it('keeps lines that are no fields with those that were not named', () => {
    const header = octets('garbage\r\nSubject : x\r\n\r\n');
    expect(Buffer.from(selectFields(header, ['subject'], false)).toString()).toBe('garbage\r\n\r\n');
    expect(Buffer.from(selectFields(header, ['subject'], true)).toString()).toBe('Subject : x\r\n\r\n');
  });
});
