import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Framer } from '../../src/wire/framer.ts';
import { AFTER_SIGN_IN, BEFORE_SIGN_IN, type FramerLimits } from '../../src/wire/limits.ts';
import { bytes, cut, pull, run } from './transcript.ts';

const TIGHT: FramerLimits = { line: 100, literal: 20, literalTotal: 30, literals: 3, unasked: 1_000 };
const MAIL = 'Subject: x\r\n\r\na2 DELETE INBOX\r\na3 LOGOUT {5}\r\n';

/** A day of a client's octets, with everything that can be told apart. */
const DIALOGUE = [
  '\r\n\na1 NOOP\r\n',
  'a2 LOGIN {5}\r\nalice {8+}\r\npass\r\nwd\r\n',
  'a3 list "" *\n',
  `a4 APPEND {5}\r\nDraft (\\Seen) "17-Jul-1996 02:44:25 -0700" {${MAIL.length}}\r\n${MAIL}\r\n`,
  `a5 append INBOX {${MAIL.length}+}\r\n${MAIL}\r\n`,
  'a6 APPEND INBOX {0+}\r\n\r\n',
  `a7 APPEND INBOX {3+}\r\nabc rubbish {4+}\r\na NO\r\n`,
  `a8 SELECT {99+}\r\n${'a9 DELETE INBOX\r\n'.padEnd(99, 'x')} {7+}\r\nb LOGIN\r\n`,
  `b1 ${'x'.repeat(200)} {6+}\r\nb2 X\r\n\r\n`,
  `b3 APPEND INBOX (\\Wrong) {9+}\r\nb4 NOOP\r\n\r\n`,
  `b5 SEARCH TEXT {1+}\r\na TEXT {1+}\r\nb TEXT {1+}\r\nc TEXT {3+}\r\nx y\r\n`,
  `b6 SEARCH TEXT {18+}\r\n${'q'.repeat(18)} TEXT {15+}\r\n${'z'.repeat(15)}\r\n`,
  `b7 SELECT {50}\r\nb8 SELECT {00000000000000000000000000000000099}\r\n`,
  'c1 NOOP\r\n',
].join('');

const message = (length: number, flags: readonly string[] = []) => ({ flags, length, binary: false, utf8: false });

describe('Framer', () => {
  it('gathers commands and literals, streams messages and skips what it rejects', () => {
    const { frames, framer } = run([bytes(DIALOGUE)], TIGHT);
    const head = { tag: 'a4', body: { name: 'APPEND', mailbox: 'Draft', first: message(MAIL.length, ['\\Seen']) } };
    const internalDate = Date.UTC(1996, 6, 17, 9, 44, 25);
    const plain = (tag: string, length: number) => ({
      tag,
      body: { name: 'APPEND', mailbox: 'INBOX', first: message(length) },
    });
    const tooLong = (tag: string, message: string, skipping: number) => ({
      kind: 'rejected',
      failure: { tag, kind: 'too-long', message },
      skipping,
    });
    expect(frames).toEqual([
      { kind: 'command', text: 'a1 NOOP', literals: [] },
      { kind: 'literal-wanted', tag: 'a2', length: 5 },
      {
        kind: 'command',
        text: 'a2 LOGIN {5}\r\nalice {8+}\r\npass\r\nwd',
        literals: [
          [14, 5],
          [26, 8],
        ],
      },
      { kind: 'command', text: 'a3 list "" *', literals: [] },
      { kind: 'literal-wanted', tag: 'a4', length: 5 },
      {
        kind: 'append',
        head: { ...head, body: { ...head.body, first: { ...head.body.first, internalDate } } },
        synchronizing: true,
      },
      { kind: 'append-data', text: MAIL },
      { kind: 'append-end', skipping: 0 },
      { kind: 'append', head: plain('a5', MAIL.length), synchronizing: false },
      { kind: 'append-data', text: MAIL },
      { kind: 'append-end', skipping: 0 },
      { kind: 'append', head: plain('a6', 0), synchronizing: false },
      { kind: 'append-end', skipping: 0 },
      { kind: 'append', head: plain('a7', 3), synchronizing: false },
      { kind: 'append-data', text: 'abc' },
      {
        kind: 'append-end',
        failure: { tag: 'a7', kind: 'syntax', message: 'the message must be a literal' },
        skipping: 4,
      },
      tooLong('a8', 'a literal is too long', 99),
      tooLong('b1', 'the command line is too long', 0),
      {
        kind: 'rejected',
        failure: { tag: 'b3', kind: 'syntax', message: 'no client can set that system flag' },
        skipping: 9,
      },
      tooLong('b5', 'the command has too many literals', 3),
      tooLong('b6', 'the literals together are too long', 15),
      tooLong('b7', 'a literal is too long', 50),
      // this client did not wait for an answer: what came with the announcement is the literal
    ]);
    expect(framer.buffered).toBe(0);
  });

  const polite = DIALOGUE.slice(0, DIALOGUE.indexOf('b7 SELECT'));

  it('gives the same frames octet by octet, and split at every octet', () => {
    const whole = run([bytes(polite)], TIGHT).frames;
    expect(run(cut(polite, 1), TIGHT).frames).toEqual(whole);
    const octets = bytes(polite);
    for (let at = 1; at < octets.length; at++) {
      expect(run([octets.slice(0, at), octets.slice(at)], TIGHT).frames).toEqual(whole);
    }
  });

  it('gives the same frames however the octets are cut', () => {
    const whole = run([bytes(polite)], TIGHT).frames;
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: polite.length - 1 }), { maxLength: 60 });
    fc.assert(
      fc.property(cuts, (places) => {
        const sorted = [0, ...places.sort((a, b) => a - b), polite.length];
        const chunks = sorted.slice(1).map((end, i) => bytes(polite.slice(sorted[i], end)));
        expect(run(chunks, TIGHT).frames).toEqual(whole);
      }),
    );
  });

  it('asks before a synchronizing literal and goes on with the next command when that is refused', () => {
    const framer = new Framer(AFTER_SIGN_IN);
    framer.push(bytes('a1 APPEND INBOX {100000000}\r\n'));
    expect(framer.next()).toMatchObject({ kind: 'append', synchronizing: true });
    expect(framer.next()).toBeUndefined();
    framer.refuse();
    framer.push(bytes('a2 NOOP\r\n'));
    expect(framer.next()).toMatchObject({ kind: 'command' });
    framer.push(bytes('a3 LOGIN {5}\r\n'));
    expect(framer.next()).toEqual({ kind: 'literal-wanted', tag: 'a3', length: 5 });
    framer.refuse();
    framer.push(bytes('a4 NOOP\r\n'));
    expect(framer.next()).toMatchObject({ kind: 'command' });
  });

  it('skips a refused non-synchronizing literal, also when its middle was reached', () => {
    const message = 'x1 DELETE INBOX\r\n'.repeat(10);
    const all = `a1 APPEND INBOX {${message.length}+}\r\n${message}\r\na2 NOOP\r\n`;
    const refused = run(cut(all, 7), AFTER_SIGN_IN, () => 'refuse').frames;
    expect(refused.map((frame) => frame.kind)).toEqual(['append', 'command']);
    const framer = new Framer(AFTER_SIGN_IN);
    for (const chunk of cut(all, 60)) framer.push(chunk);
    framer.next();
    framer.accept();
    expect(framer.next()).toMatchObject({ kind: 'append-data' });
    framer.refuse();
    expect(pull(framer)).toMatchObject({ kind: 'command', text: 'a2 NOOP' });
  });

  it('never reads the octets of an impatient client as commands when it refuses their literal', () => {
    const refused = run(
      [bytes('a1 APPEND INBOX {17}\r\nx1 DELETE INBOX\r\n\r\na2 NOOP\r\n')],
      AFTER_SIGN_IN,
      () => 'refuse',
    );
    expect(refused.frames.map((frame) => frame.text ?? frame.kind)).toEqual(['append', 'a2 NOOP']);
  });

  it('takes raw lines where they are asked for, and commands right after them in the same chunk', () => {
    const framer = new Framer(AFTER_SIGN_IN);
    framer.push(bytes('a1 IDLE\r\n\r\nDONE\r\na2 NOOP\r\na3 AUTHENTICATE PLAIN\r\nAGEAYg== {5+}\r\n*\r\n'));
    const kinds = [pull(framer), pull(framer, 'line'), pull(framer, 'line'), pull(framer), pull(framer)];
    expect(kinds.map((frame) => frame?.kind)).toEqual(['command', 'line', 'line', 'command', 'command']);
    expect(kinds[1]).toEqual({ kind: 'line', text: '' });
    expect(pull(framer, 'line')).toEqual({ kind: 'line', text: 'AGEAYg== {5+}' });
    expect(pull(framer, 'line')).toEqual({ kind: 'line', text: '*' });
    expect(framer.next('line')).toBeUndefined();
  });

  it('rejects a raw line past the limit and stays in step', () => {
    const framer = new Framer(TIGHT);
    for (const chunk of cut(`${'A'.repeat(500)}\r\nnext\r\n`, 9)) framer.push(chunk);
    expect(framer.next('line')).toMatchObject({ kind: 'rejected', failure: { kind: 'too-long' } });
    expect(pull(framer, 'line')).toEqual({ kind: 'line', text: 'next' });
  });

  it('says when the end of a literal cannot be told', () => {
    const { frames } = run([bytes('a1 LOGIN {99999999999999999999999999999+}\r\na2 NOOP\r\n')]);
    expect(frames).toMatchObject([{ kind: 'rejected', skipping: Number.POSITIVE_INFINITY }]);
    expect(run([bytes('a1 APPEND INBOX {99999999999999999999+}\r\na2 NOOP\r\n')]).frames).toMatchObject([
      { kind: 'rejected', failure: { tag: 'a1', kind: 'too-long' }, skipping: Number.POSITIVE_INFINITY },
    ]);
  });

  it('widens its limits at the next command', () => {
    const framer = new Framer(BEFORE_SIGN_IN);
    const long = `a2 UID FETCH ${'1,'.repeat(10_000)}1 FLAGS\r\n`;
    framer.push(bytes(`a1 NOOP\r\n${long}${long}`));
    framer.next();
    expect(framer.next()).toMatchObject({ kind: 'rejected', failure: { tag: 'a2' } });
    framer.setLimits(AFTER_SIGN_IN);
    expect(framer.next()).toMatchObject({ kind: 'command' });
  });

  it('hands a message out in views of what was pushed', () => {
    const framer = new Framer(AFTER_SIGN_IN);
    framer.push(bytes('a1 APPEND INBOX {65536+}\r\n'));
    framer.next();
    framer.accept();
    const chunk = Buffer.alloc(65_536, 'm');
    framer.push(chunk);
    const frame = framer.next();
    expect(frame?.kind === 'append-data' && frame.chunk.buffer === chunk.buffer).toBe(true);
    expect(framer.buffered).toBe(0);
  });

  it('never throws and never holds more than it promised, whatever comes', () => {
    const spice = fc.constantFrom(
      '{3+}\r\n',
      '{3}\r\n',
      '\r\n',
      'a APPEND INBOX ',
      'a APPEND INBOX {2+}\r\nab',
      ' (\\Seen) {1+}\r\n',
      ' UTF8 (~{2}\r\n',
      ')',
      'a NOOP',
      '{99+}\r\n',
      '\n',
      '"',
      ' ',
    );
    const octets = fc.oneof(spice.map(bytes), fc.uint8Array({ maxLength: 20 }));
    fc.assert(
      fc.property(fc.array(octets, { maxLength: 60 }), fc.boolean(), (chunks, accepts) => {
        run(chunks, TIGHT, () => (accepts ? 'accept' : 'refuse'));
      }),
      { numRuns: 1_000 },
    );
  });
});
