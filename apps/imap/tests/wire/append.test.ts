// APPEND with several messages (RFC 3502), literal8 and UTF8 (RFC 9051 §6.3.12, RFC 6855 §4), as frames.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Framer } from '../../src/wire/framer.ts';
import { AFTER_SIGN_IN, BEFORE_SIGN_IN, type FramerLimits } from '../../src/wire/limits.ts';
import { bytes, cut, pull, run, type Seen } from './transcript.ts';

const TIGHT: FramerLimits = { line: 100, literal: 20, literalTotal: 30, literals: 3, unasked: 1_000 };

/** Looks like commands, to whoever takes it for some. */
const TRAP = 'x1 DELETE INBOX\r\nx2 LOGOUT {3}\r\n';
const N = TRAP.length;

const message = (length: number, more: object = {}) => ({ flags: [], length, binary: false, utf8: false, ...more });
const head = (tag: string, first: object, mailbox = 'saved') => ({ tag, body: { name: 'APPEND', mailbox, first } });
const data = (text: string): Seen => ({ kind: 'append-data', text });
const done: Seen = { kind: 'append-end', skipping: 0 };
const noop = (tag: string): Seen => ({ kind: 'command', text: `${tag} NOOP`, literals: [] });

/** The frames of `text` in one chunk; then again cut at every octet, and octet by octet, which must change nothing. */
function frames(text: string, limits = AFTER_SIGN_IN): readonly Seen[] {
  const octets = bytes(text);
  const whole = run([octets], limits).frames;
  expect(run(cut(text, 1), limits).frames).toEqual(whole);
  for (let at = 1; at < octets.length; at++) {
    expect(run([octets.subarray(0, at), octets.subarray(at)], limits).frames).toEqual(whole);
  }
  return whole;
}

describe('several messages in one APPEND', () => {
  const MULTI =
    `a1 APPEND saved (\\Seen) {${N}+}\r\n${TRAP} (\\Seen $x) " 7-Feb-1994 22:43:04 -0800" {${N}}\r\n${TRAP}` +
    ` "01-Jan-2020 00:00:00 +0000" {0+}\r\n {2+}\r\nhi \r\na2 NOOP\r\n`;

  it('come as one head after the other, each followed by its octets', () => {
    expect(frames(MULTI)).toEqual([
      { kind: 'append', head: head('a1', message(N, { flags: ['\\Seen'] })), synchronizing: false },
      data(TRAP),
      {
        kind: 'append-next',
        message: message(N, { flags: ['\\Seen', '$x'], internalDate: Date.UTC(1994, 1, 8, 6, 43, 4) }),
        synchronizing: true,
      },
      data(TRAP),
      { kind: 'append-next', message: message(0, { internalDate: Date.UTC(2020, 0, 1) }), synchronizing: false },
      { kind: 'append-next', message: message(2), synchronizing: false },
      data('hi'),
      done,
      noop('a2'),
    ]);
  });

  it('may come with a mailbox that is a literal', () => {
    expect(frames('a1 APPEND {5+}\r\nsaved {1+}\r\na {1+}\r\nb\r\n')).toEqual([
      { kind: 'append', head: head('a1', message(1)), synchronizing: false },
      data('a'),
      { kind: 'append-next', message: message(1), synchronizing: false },
      data('b'),
      done,
    ]);
  });

  it('are skipped to the last one when one of them is refused', () => {
    const decided: string[] = [];
    const { frames: seen } = run(
      cut(`a1 APPEND saved {1+}\r\na {${N}+}\r\n${TRAP} {${N}+}\r\n${TRAP}\r\na2 NOOP\r\n`, 5),
      AFTER_SIGN_IN,
      (frame) => {
        decided.push(frame.kind);
        return frame.kind === 'append-next' ? 'refuse' : 'accept';
      },
    );
    expect(decided).toEqual(['append', 'append-next']);
    expect(seen.slice(-2)).toEqual([{ kind: 'append-next', message: message(N), synchronizing: false }, noop('a2')]);
  });

  it('end where a synchronizing one is refused: the client sends none of it', () => {
    const framer = new Framer(AFTER_SIGN_IN);
    framer.push(bytes('a1 APPEND saved {1+}\r\na {35403}\r\n'));
    expect(pull(framer)?.kind).toBe('append');
    framer.accept();
    expect(pull(framer)).toEqual(data('a'));
    expect(pull(framer)).toEqual({ kind: 'append-next', message: message(35_403), synchronizing: true });
    expect(pull(framer)).toBeUndefined();
    expect(framer.refuse()).toBe(0);
    framer.push(bytes('a2 NOOP\r\n'));
    expect(pull(framer)).toEqual(noop('a2'));
  });

  it('of a client that waits for no answer are never read as commands', () => {
    const text = `a1 APPEND saved {${N}}\r\n${TRAP} {${N}}\r\n${TRAP} ~{${N}}\r\n${TRAP}\r\na2 NOOP\r\n`;
    const seen = run([bytes(text)], AFTER_SIGN_IN, () => 'refuse').frames;
    expect(seen.slice(1)).toEqual([noop('a2')]);
  });

  it('can be refused between two pieces of one, and right before the end', () => {
    for (const pieces of [1, 2]) {
      const framer = new Framer(AFTER_SIGN_IN);
      framer.push(bytes('a1 APPEND saved {6+}\r\nabc'));
      framer.next();
      framer.accept();
      expect(pull(framer)).toEqual(data('abc'));
      framer.push(bytes(`def {${N}+}\r\n${TRAP}\r\na2 NOOP\r\n`));
      if (pieces === 2) expect(pull(framer)).toEqual(data('def'));
      expect(framer.refuse()).toBe(pieces === 1 ? 3 : 0);
      expect(pull(framer)).toEqual(noop('a2'));
    }
  });

  const FAULTS: readonly (readonly [string, string, string, number])[] = [
    ['rubbish after it', ' rubbish', 'something follows the message', 0],
    ['no blank', `{${N}+}`, 'an argument is missing, or a blank before it', N],
    ['a flag that none can set', ` (\\Recent) {${N}+}`, 'no client can set that system flag', N],
    [
      'a date that none is',
      ` "31-Feb-2020 00:00:00 +0000" {${N}+}`,
      'the date is not of the form "01-Feb-1994 12:00:00 +0000"',
      N,
    ],
    ['a mailbox', ` INBOX {${N}+}`, 'the message must be a literal', N],
    ['UTF8 without a literal8', ` UTF8 ({${N}+}`, 'a message in UTF8 must be a literal8', N],
    ['a parenthesis', `) {${N}+}`, 'an argument is missing, or a blank before it', N],
  ];
  it.each(FAULTS)('with %s behind are illegal', (_, tail, text, skipping) => {
    expect(
      frames(`a1 APPEND saved {1+}\r\na${tail}\r\n${skipping > 0 ? `${TRAP}\r\n` : ''}a2 NOOP\r\n`).slice(1),
    ).toEqual([
      data('a'),
      { kind: 'append-end', failure: { tag: 'a1', kind: 'syntax', message: text }, skipping },
      noop('a2'),
    ]);
  });

  it('an illegal head whose literal waits for its answer is followed by the next command', () => {
    expect(run(['a1 APPEND saved {1+}\r\na (\\Recent) {9}\r\n', 'a2 NOOP\r\n'].map(bytes)).frames.slice(2)).toEqual([
      {
        kind: 'append-end',
        failure: { tag: 'a1', kind: 'syntax', message: 'no client can set that system flag' },
        skipping: 0,
      },
      noop('a2'),
    ]);
  });

  it('a head past the line limit, or of a length past counting, is illegal', () => {
    const long = `a1 APPEND saved {1+}\r\na (${'x'.repeat(200)}) {${N}+}\r\n${TRAP}\r\na2 NOOP\r\n`;
    const failure = { tag: 'a1', kind: 'too-long', message: 'the command line is too long' };
    expect(frames(long, TIGHT).slice(2)).toEqual([{ kind: 'append-end', failure, skipping: 0 }, noop('a2')]);
    const endless = run([bytes(`a1 APPEND saved {1+}\r\na {${'9'.repeat(25)}+}\r\na2 NOOP\r\n`)]).frames;
    expect(endless.slice(2)).toMatchObject([{ failure: { kind: 'too-long' }, skipping: Number.POSITIVE_INFINITY }]);
  });
});

describe('a refusal', () => {
  it('says how much comes for nothing, so that nobody has to wait for all of it', () => {
    const framer = new Framer(AFTER_SIGN_IN);
    framer.push(bytes('a1 APPEND saved {900000000000+}\r\nabc'));
    expect(pull(framer)).toMatchObject({ kind: 'append', head: { body: { first: { length: 900_000_000_000 } } } });
    expect(framer.refuse()).toBe(900_000_000_000);
    expect(() => framer.refuse()).toThrow();
  });
});

describe('literal8 and UTF8', () => {
  it('are told from a literal, in the first message and in further ones', () => {
    const text =
      `a1 APPEND saved ~{${N}+}\r\n${TRAP} UTF8 (~{3}\r\n\xc3\xbc\0) (\\Draft) utf8 (~{1+}\r\nx) {1+}\r\ny\r\n` +
      'a2 APPEND saved (\\Seen) UTF8 (~{1+}\r\nz)\r\na3 NOOP\r\n';
    expect(frames(text)).toEqual([
      { kind: 'append', head: head('a1', message(N, { binary: true })), synchronizing: false },
      data(TRAP),
      { kind: 'append-next', message: message(3, { binary: true, utf8: true }), synchronizing: true },
      data('\xc3\xbc\0'),
      {
        kind: 'append-next',
        message: message(1, { flags: ['\\Draft'], binary: true, utf8: true }),
        synchronizing: false,
      },
      data('x'),
      { kind: 'append-next', message: message(1), synchronizing: false },
      data('y'),
      done,
      {
        kind: 'append',
        head: head('a2', message(1, { flags: ['\\Seen'], binary: true, utf8: true })),
        synchronizing: false,
      },
      data('z'),
      done,
      noop('a3'),
    ]);
  });

  it.each([
    ['', 'nothing'],
    [' {3+}\r\nabc', 'another message'],
    ['x)', 'something'],
  ])('UTF8 that does not end is illegal (%j: %s comes)', (tail) => {
    const failure = { tag: 'a1', kind: 'syntax', message: 'a message in UTF8 does not end' };
    const seen = frames(`a1 APPEND saved UTF8 (~{1+}\r\nz${tail}\r\na2 NOOP\r\n`);
    expect(seen[2]).toMatchObject({ kind: 'append-end', failure });
    expect(seen.slice(3)).toEqual([noop('a2')]);
  });

  it.each([
    'UTF8 ({3+}\r\nabc)',
    'UTF8 ~{3+}\r\nabc',
    'UTF9 (~{3+}\r\nabc)',
    'CATENATE (TEXT {3+}\r\nabc)',
  ])('refuses %j in step', (text) => {
    const seen = frames(`a1 APPEND saved ${text}\r\na2 NOOP\r\n`);
    expect(seen).toMatchObject([{ kind: 'rejected', failure: { tag: 'a1', kind: 'syntax' }, skipping: 3 }, {}]);
    expect(seen.slice(1)).toEqual([noop('a2')]);
  });

  it('no literal8 names a mailbox', () => {
    expect(frames(`a1 APPEND ~{5+}\r\nsaved {${N}+}\r\n${TRAP}\r\na2 NOOP\r\n`)).toMatchObject([
      { kind: 'rejected', failure: { tag: 'a1', kind: 'syntax' } },
      { text: 'a2 NOOP' },
    ]);
  });
});

describe('the mailbox of an APPEND', () => {
  const heads = (utf8: boolean, name: string) => {
    const framer = new Framer(AFTER_SIGN_IN);
    framer.setOptions({ utf8 });
    framer.push(bytes(`a1 APPEND ${name} {1+}\r\n`));
    return pull(framer);
  };
  it('is read in the encoding that is enabled', () => {
    expect(heads(true, '"\xc3\xbc"')).toMatchObject({ head: head('a1', message(1), 'ü') });
    expect(heads(true, '&APw-')).toMatchObject({ head: head('a1', message(1), '&APw-') });
    expect(heads(false, '&APw-')).toMatchObject({ head: head('a1', message(1), 'ü') });
    expect(heads(false, '"\xc3\xbc"')).toMatchObject({ kind: 'rejected', failure: { kind: 'bad-mailbox-name' } });
    expect(heads(true, '"\xfc"')).toMatchObject({ kind: 'rejected', failure: { kind: 'bad-mailbox-name' } });
  });
});

describe('literals that come unasked (RFC 7888)', () => {
  const tooLong = { kind: 'too-long', message: 'a literal of that length must wait for its answer' };
  it('are bounded before sign-in, a message too', () => {
    const stranger = { ...BEFORE_SIGN_IN, literal: 10_000 };
    const text = `a1 APPEND INBOX {4097+}\r\n${'m'.repeat(4_097)}\r\na2 LOGIN {4097+}\r\n${'u'.repeat(4_097)} p\r\na3 NOOP\r\n`;
    expect(run([bytes(text)], stranger).frames).toEqual([
      { kind: 'rejected', failure: { tag: 'a1', ...tooLong }, skipping: 4_097 },
      { kind: 'rejected', failure: { tag: 'a2', ...tooLong }, skipping: 4_097 },
      noop('a3'),
    ]);
    expect(run([bytes('a1 APPEND INBOX {4096+}\r\n')], stranger).frames).toMatchObject([{ kind: 'append' }]);
    expect(run([bytes('a1 APPEND INBOX {4097}\r\n')], stranger).frames).toMatchObject([{ kind: 'append' }]);
  });

  it('are bounded in further messages as well', () => {
    const text = `a1 APPEND INBOX {1+}\r\na {1001+}\r\n${'m'.repeat(1_001)}\r\na2 NOOP\r\n`;
    expect(run([bytes(text)], TIGHT).frames.slice(2)).toEqual([
      { kind: 'append-end', failure: { tag: 'a1', ...tooLong }, skipping: 1_001 },
      noop('a2'),
    ]);
  });

  it('have no bound of their own after it', () => {
    expect(run([bytes('a1 APPEND INBOX {100000000+}\r\n')]).frames).toMatchObject([{ kind: 'append' }]);
  });
});

describe('any APPEND of any messages', () => {
  const octets = fc.oneof(
    fc.constant(TRAP),
    fc.constant(''),
    fc.uint8Array({ maxLength: 30 }).map((o) => Buffer.from(o).toString('latin1')),
  );
  const sent = fc.record({
    text: octets,
    form: fc.constantFrom('literal', 'literal8', 'utf8'),
    flags: fc.option(fc.subarray(['\\Seen', '\\Draft', '$Label1']), { nil: undefined }),
    internalDate: fc.option(
      fc.integer({ min: 0, max: 4e9 }).map((s) => s * 1_000),
      { nil: undefined },
    ),
  });
  type Sent = typeof sent extends fc.Arbitrary<infer T> ? T : never;

  const written = ({ text, form, flags, internalDate }: Sent): string => {
    const date = internalDate === undefined ? '' : ` "${dateTime(internalDate)}"`;
    const before = `${flags === undefined ? '' : ` (${flags.join(' ')})`}${date}`;
    const literal = `{${text.length}+}\r\n${text}`;
    return `${before} ${form === 'utf8' ? `UTF8 (~${literal})` : `${form === 'literal8' ? '~' : ''}${literal}`}`;
  };
  const expected = ({ text, form, flags, internalDate }: Sent) => ({
    flags: flags ?? [],
    length: text.length,
    binary: form !== 'literal',
    utf8: form === 'utf8',
    ...(internalDate !== undefined && { internalDate }),
  });

  it('comes back, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(sent, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 50 }), (all, size) => {
        const seen = run(cut(`a1 APPEND saved${all.map(written).join('')}\r\na2 NOOP\r\n`, size)).frames;
        const wanted = all.flatMap((one, i) => [
          i === 0
            ? { kind: 'append', head: head('a1', expected(one)), synchronizing: false }
            : { kind: 'append-next', message: expected(one), synchronizing: false },
          ...(one.text === '' ? [] : [data(one.text)]),
        ]);
        expect(seen).toEqual([...wanted, done, noop('a2')]);
      }),
      { numRuns: 500 },
    );
  });
});

/** `date-time` in UTC. */
function dateTime(time: number): string {
  const [, day, month, year, clock] = /^..., (\d\d) (...) (\d+) (\S+)/.exec(new Date(time).toUTCString()) ?? [];
  return `${day}-${month}-${year} ${clock} +0000`;
}
