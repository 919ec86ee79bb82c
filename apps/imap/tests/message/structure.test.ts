import { createStructureParser, type Part, STRUCTURE_LIMITS } from '@scorpiox/maildir/mime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyStructureWire, bodyWire, envelopeWire } from '../../src/message/render.ts';
import { locateSection } from '../../src/message/section.ts';
import { crlf, expectSound, octets, ownMessages, structureInChunks, structureOf } from './support.ts';

const own = (name: string): string => ownMessages().find((one) => one.name === `${name}.eml`)?.message ?? '';

describe('every odd message of our own', () => {
  it.each(ownMessages())('$name has a sound structure, however it is cut', ({ message }) => {
    const all = octets(message);
    const whole = structureOf(message);
    expectSound(whole);
    expect(structureInChunks(all, [...all.keys()])).toEqual(whole);
    for (let at = 0; at <= all.length; at++) expect(structureInChunks(all, [at])).toEqual(whole);
  });
});

describe('structure', () => {
  it('follows the numbering example of RFC 3501', () => {
    const message = own('rfc3501-parts');
    expect(bodyWire(structureOf(message))).toBe(
      '(("TEXT" "PLAIN" ("charset" "us-ascii") NIL NIL "7bit" 6 0)' +
        '("APPLICATION" "OCTET-STREAM" NIL NIL NIL "base64" 8)' +
        '("message" "rfc822" NIL NIL NIL "7bit" 186 ' +
        '(NIL "inside 3" ((NIL NIL "inner" "three.example")) ((NIL NIL "inner" "three.example")) ' +
        '((NIL NIL "inner" "three.example")) NIL NIL NIL NIL NIL) ' +
        '(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 8 0)' +
        '("application" "octet-stream" NIL NIL NIL "7bit" 8) "mixed") 11)' +
        '(("IMAGE" "GIF" NIL "<gif@four.example>" NIL "7bit" 8)' +
        '("message" "rfc822" NIL NIL NIL "7bit" 324 (NIL "inside 4.2" NIL NIL NIL NIL NIL NIL NIL NIL) ' +
        '(("TEXT" "PLAIN" ("charset" "us-ascii") NIL NIL "7bit" 10 0)' +
        '(("TEXT" "PLAIN" ("charset" "us-ascii") NIL NIL "7bit" 12 0)' +
        '("TEXT" "RICHTEXT" ("charset" "us-ascii") NIL NIL "7bit" 12 0) "ALTERNATIVE") "mixed") 19)' +
        ' "MIXED") "MIXED")',
    );
  });

  it('renders the envelope with groups, escapes and fall-backs', () => {
    expect(envelopeWire(structureOf(own('rfc3501-parts')))).toBe(
      '("Mon, 7 Feb 1994 21:52:25 -0800 (PST)" "sample for part specifiers" ' +
        '(("Fred Foobar" NIL "foobar" "blurdybloop.example")) (("Fred Foobar" NIL "foobar" "blurdybloop.example")) ' +
        '(("Fred Foobar" NIL "foobar" "blurdybloop.example")) ' +
        '(("Mooch, J." NIL "mooch" "owatagu.example")(NIL NIL "friends" NIL)(NIL NIL "a" "b.example")' +
        '(NIL NIL "c d" "e.example")(NIL NIL NIL NIL)) NIL NIL NIL "<B27397-0100000@blurdybloop.example>")',
    );
    expect(envelopeWire(structureOf(own('encoded')))).toContain('(("qu\\"ote\\\\d" NIL "a" "b.example"))');
    expect(envelopeWire(structureOf(own('encoded')))).toContain('(({7}\r\nJ\xc3\xbcrgen NIL "j" "x.example"))');
  });

  it('message/global holds a message too, unless it is encoded', () => {
    const inner = 'Subject: \u00fc\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n';
    const part = (encoding: string) =>
      crlf(`Content-Type: Message/Global\nContent-Transfer-Encoding: ${encoding}\n\n${inner}`);
    const plain = structureOf(part('8bit'));
    expect(bodyWire(plain)).toMatch(/^\("message" "global" NIL NIL NIL "8bit" \d+ \(NIL \{\d\}\r\n.* "mixed"\) 7\)$/s);
    expect(locateSection(plain, { part: [1, 1], text: '', fields: [] })).toMatchObject({ kind: 'range' });
    expect(locateSection(plain, { part: [1], text: 'HEADER', fields: [] })).toMatchObject({ kind: 'range' });
    expect(bodyWire(structureOf(part('base64')))).toMatch(/^\("Message" "Global" NIL NIL NIL "base64" \d+\)$/);
  });

  it('renders extension data', () => {
    const message = crlf(
      'Content-Type: application/pdf; name=x.pdf\nContent-MD5: Q2hlY2s=\nContent-Disposition: attachment; filename=x.pdf\n' +
        'Content-Language: en, de\nContent-Location: http://x.example/\nContent-Description: a\n\tfolded one\n\nabc',
    );
    expect(bodyStructureWire(structureOf(message))).toBe(
      '("application" "pdf" ("name" "x.pdf") NIL "a\tfolded one" "7bit" 3 "Q2hlY2s=" ' +
        '("attachment" ("filename" "x.pdf")) ("en" "de") "http://x.example/")',
    );
  });

  it.each([
    ['empty', '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0)'],
    ['header-only', '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0)'],
    ['boundary-never', '(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0) "mixed")'],
    ['boundary-missing', '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 27 3)'],
    [
      'boundary-prefix',
      '((("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 2 0) "mixed")' +
        '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 0) "mixed")',
    ],
    [
      'digest',
      '(("message" "rfc822" NIL NIL NIL "7bit" 17 (NIL "one" NIL NIL NIL NIL NIL NIL NIL NIL) ' +
        '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 0) 2)' +
        '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 0) "digest")',
    ],
    [
      'unfinished',
      '(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 5 0)' +
        '("message" "rfc822" NIL NIL NIL "7bit" 12 (NIL "cut" NIL NIL NIL NIL NIL NIL NIL NIL) ' +
        '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0) 0) "mixed")',
    ],
  ])('%s', (name, expected) => {
    expect(bodyWire(structureOf(own(name)))).toBe(expected);
  });

  it('a boundary ends a header', () => {
    const message = crlf(
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n--b\n\nx\n--b--\n',
    );
    const { content } = structureOf(message).root;
    const parts = content.kind === 'multipart' ? content.parts : [];
    expect(parts.map((part) => [part.subtype, part.body.length])).toEqual([
      ['html', 0],
      ['plain', 1],
    ]);
  });

  it('is the same for one chunk and for any chunks, of any octets', () => {
    const line = fc.constantFrom(
      ...[
        'Content-Type: multipart/mixed; boundary=b',
        'Content-Type: multipart/digest;',
        '\tboundary="bb"',
        '--b',
        '--bb',
        '--b--',
      ],
      ...[
        '',
        '',
        'Content-Type: message/rfc822',
        'Content-Type: message/global',
        'Content-Transfer-Encoding: base64',
        'From: a@b, "x',
        'To: (',
        'text',
        '--',
        'Subject: \xfc',
        '--bb--',
        ' folded',
      ],
    );
    const message = fc.array(fc.tuple(line, fc.constantFrom('\r\n', '\r\n', '\n', '\r')), { maxLength: 30 });
    fc.assert(
      fc.property(message, fc.array(fc.nat(400)), (lines, places) => {
        const all = octets(lines.flat().join(''));
        const whole = structureOf(all);
        expectSound(whole);
        const cuts = places.filter((place) => place < all.length).sort((a, b) => a - b);
        expect(structureInChunks(all, cuts)).toEqual(whole);
      }),
      { numRuns: 1_000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (all) => expectSound(structureOf(all))));
  });
});

describe('floods', () => {
  const depthOf = (part: Part): number => {
    if (part.content.kind === 'message') return 1 + depthOf(part.content.message.root);
    return part.content.kind === 'multipart' ? 1 + Math.max(...part.content.parts.map(depthOf)) : 1;
  };

  it('multiparts and messages inside each other stop at the depth limit, and it is counted', () => {
    const levels = Array.from(
      { length: 20_000 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    );
    const messages = 'Content-Type: message/rfc822\r\n\r\n'.repeat(20_000);
    for (const message of [levels.join(''), messages]) {
      const structure = structureOf(message);
      expectSound(structure);
      expect(depthOf(structure.root)).toBe(STRUCTURE_LIMITS.depth);
      expect(structure.cut).toBeGreaterThan(0);
    }
  });

  it('parts stop at their limit', () => {
    const message = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n'.repeat(100_000)}`;
    const { root, cut } = structureOf(message);
    expect(root.content.kind === 'multipart' && root.content.parts.length).toBe(STRUCTURE_LIMITS.parts - 1);
    expect(cut).toBe(1);
  });

  it.each([
    ['parameters', `Content-Type: text/plain${'; a*0*=b'.repeat(200_000)}\r\n\r\n`],
    ['semicolons', `Content-Type: text/plain${';'.repeat(1_000_000)}\r\n\r\n`],
    ['addresses', `To: ${'a@b,'.repeat(500_000)}\r\n\r\n`],
    ['commas', `To: ${','.repeat(1_000_000)}\r\n\r\n`],
    ['open comments', `From: ${'('.repeat(1_000_000)}\r\n\r\n`],
    ['open quotes', `From: ${'"\\'.repeat(500_000)}\r\n\r\n`],
    ['angles', `From: ${'<'.repeat(1_000_000)}\r\n\r\n`],
    ['groups', `To: ${'a:'.repeat(500_000)}\r\n\r\n`],
    ['words', `To: ${'a '.repeat(500_000)}\r\n\r\n`],
    ['blanks', `Subject: a${' '.repeat(1_000_000)}b\r\n\r\n`],
    ['folds', `Subject:${' \r\n'.repeat(500_000)}\r\n\r\n`],
    ['fields', `${'To: a@b\r\n'.repeat(300_000)}\r\n`],
    ['empty fields', `${'To:\r\n'.repeat(500_000)}\r\n`],
    ['header without end', 'x'.repeat(5_000_000)],
    ['names without colon', 'a '.repeat(1_000_000)],
    ['dashes', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--\r\n'.repeat(500_000)}`],
  ])('of %s end in a sound structure', (_, message) => {
    expectSound(structureOf(message));
  });

  it('a body of 64 MB leaves nothing behind but its size', () => {
    const parser = createStructureParser();
    parser.push(octets('Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n'));
    const chunk = Buffer.alloc(65_536, 'x');
    for (let i = 0; i < 1_024; i++) parser.push(chunk);
    const { root, size } = parser.end();
    expect(size).toBe(52 + 64 * 1024 * 1024);
    expect(root.content.kind === 'multipart' && root.content.parts[0]?.body).toEqual({ start: 52, length: size - 52 });
  });
});
