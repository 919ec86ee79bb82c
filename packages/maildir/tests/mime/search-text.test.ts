import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatcher, headerValues, matches, sentDate } from '../../src/mime/index.ts';
import { crlf, octets, own, textOf } from './support.ts';

describe('header values', () => {
  it.each([
    ['=?utf-8?B?w7xiZXI=?=\r\n =?utf-8?Q?_Br=C3=BCcken?= plain', 'über Brücken plain'],
    ['=?iso-8859-1?q?a=E4?= =?iso-8859-1?q?b?=', 'aäb'],
    ['=?utf-8?q?=C3?= =?utf-8?q?=BC?=', 'ü'],
    ['=?utf-8*de?Q?Stra=C3=9Fe?=', 'Straße'],
    ['=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['=?klingon?Q?a=FC?=', 'aü'],
    ['a =?utf-8?Q?b?= c', 'a b c'],
    ['=?utf-8?Q?not an end', '=?utf-8?Q?not an end'],
    ['\xc3\xbc', 'ü'],
    ['\xfc', 'ü'],
    ['', ''],
  ])('%j is %j', (value, expected) => {
    expect(headerValues(octets(`X: 1\r\nSubject: ${value}\r\nY: 2\r\n\r\n`), 'SUBJECT')).toEqual([expected]);
  });

  it('come in order, each field for itself, and only from the header', () => {
    expect(headerValues(octets('To: a\r\nX: b\r\nto: c\r\n d\r\n\r\nTo: e\r\n'), 'To')).toEqual(['a', 'c d']);
    expect(headerValues(octets('X: b\r\n\r\n'), 'To')).toEqual([]);
  });
});

describe('text of a message', () => {
  it('undoes transfer encodings and charsets, at any chunk size', () => {
    for (const size of [1, 2, 3, 7, 10_000]) {
      expect(textOf(own('encoded'), 'body', size)).toBe('Grüße aus Köln\r\n\0');
    }
    const base64 = crlf('Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: BASE64\n\n7cHK\n7cHK\n');
    for (const size of [1, 4, 5, 10_000]) expect(textOf(base64, 'body', size)).toBe('МайМай\0');
  });

  it('has all headers for TEXT, and those of messages inside for BODY', () => {
    const text = textOf(own('rfc3501-parts'), 'text', 11);
    const body = textOf(own('rfc3501-parts'), 'body', 11);
    for (const found of ['sample for part', 'a "b\\".gif', 'Subject: inside 4.2', 'part 4.2.2.1'])
      expect(text).toContain(found.replace('a "b\\".gif', 'a \\"b\\".gif'));
    expect(body).toContain('Subject: inside 3');
    expect(body).toContain('part 4.2.2.2');
    for (const absent of ['sample for part', 'gif@four', 'preamble', 'epilogue', 'part 2', 'cGFydCAy', 'part 4.1']) {
      expect(body).not.toContain(absent);
    }
    expect(matches([text], 'part 1cGFydCAy')).toBe(false);
  });

  it('shows text in an unknown charset, and bad encodings, as they are', () => {
    expect(textOf('Content-Type: text/plain; charset=x-none\r\n\r\na\xfc', 'body')).toBe('aü\0');
    const broken = 'Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ 100% = a=\r\nb  \r\nc=';
    expect(textOf(broken, 'body')).toBe('=ZZ 100% = ab\r\nc=\0');
    expect(textOf(`Content-Transfer-Encoding: quoted-printable\r\n\r\n${' '.repeat(1_000_000)}x`, 'body')).toHaveLength(
      1_000_002,
    );
  });
});

describe('matches', () => {
  it.each([
    [['Hello'], 'hELLO', true],
    [['Hel', 'lo w', 'orld'], 'LO WO', true],
    [['a', 'b', 'c', 'd'], 'abcd', true],
    [['ab', '\0', 'cd'], 'bc', false],
    [['ÜBER'], 'über', true],
    [['ΟΔΟΣ', 'Α'], 'οδοσα', true],
    [['ΟΔΟΣ'], 'οδος', true],
    [[], '', true],
    [[], 'x', false],
    [['aab'], 'aaab', false],
  ])('%j %j', (pieces, needle, expected) => {
    expect(matches(pieces, needle)).toBe(expected);
  });

  it('agrees with a search over the whole, however it is cut', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'ß', 'Σ', ' '), maxLength: 30 });
    fc.assert(
      fc.property(
        letters,
        fc.string({ unit: fc.constantFrom('a', 'b', 'σ'), maxLength: 4 }),
        fc.nat(30),
        (text, needle, at) => {
          const whole = text.toLowerCase().replaceAll('ς', 'σ').includes(needle);
          expect(matches([text.slice(0, at), text.slice(at)], needle)).toBe(whole);
          expect(matches([...text], needle)).toBe(whole);
        },
      ),
    );
  });

  it('remembers that it was found', () => {
    const matcher = createMatcher('x');
    expect([matcher.push('a'), matcher.push('x'), matcher.push('b')]).toEqual([false, true, true]);
  });
});

describe('sentDate', () => {
  it.each([
    ['Mon, 7 Feb 1994 21:52:25 -0800 (PST)', '1994-02-07'],
    ['07 Feb 94 23:59:59 +1400', '1994-02-07'],
    ['Fri,\r\n 21 (comment)\r\n Nov 1997 09:55:06 -0600', '1997-11-21'],
    ['1 January 2020', '2020-01-01'],
    ['1-Jan-49 00:00 GMT', '2049-01-01'],
    ['1 Jan 101 00:00 GMT', '2001-01-01'],
    ['Mon Jan  2 15:04:05 2006', '2006-01-02'],
    ['Mon Jan 2 15:04:05 MST 2006', '2006-01-02'],
    ['31 Feb 2020 00:00', null],
    ['0 Feb 2020 00:00', null],
    ['tomorrow', null],
    ['', null],
    ['1 Foo 2020', null],
  ])('%j', (value, expected) => {
    expect(sentDate(octets(`From: x\r\nDate: ${value}\r\n\r\n`))).toBe(expected);
  });

  it('is nothing where there is no Date', () => {
    expect(sentDate(octets('X-Date: 1 Jan 2020\r\n\r\nDate: 1 Jan 2020\r\n'))).toBeNull();
    expect(sentDate(octets(`Date: ${'('.repeat(1_000_000)}\r\n\r\n`))).toBeNull();
  });
});
