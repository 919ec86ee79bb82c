/** The text of a message: dots, the end, and what is not the end. */
import { describe, expect, test } from 'vitest';
import { DataDecoder } from '../../src/lmtp/data.ts';

function decode(chunks: readonly string[]) {
  const decoder = new DataDecoder();
  let text = '';
  let rest = '';
  for (const chunk of chunks) {
    if (decoder.ended) {
      rest += chunk;
      continue;
    }
    const octets = Buffer.from(chunk, 'latin1');
    const consumed = decoder.decode(octets, (piece) => {
      text += Buffer.from(piece).toString('latin1');
    });
    rest += octets.toString('latin1', consumed);
  }
  return { text, rest, ended: decoder.ended };
}

const CASES: readonly [string, string, string, string][] = [
  ['an empty message', '.\r\nQUIT', '', 'QUIT'],
  ['an empty line', '\r\n.\r\n', '\r\n', ''],
  ['stuffed dots', '..\r\n...x\r\n.y\r\na.b\r\n.\r\n', '.\r\n..x\r\ny\r\na.b\r\n', ''],
  ['an end that is none: lone LF before', 'a\n.\r\nb\r\n.\r\n', 'a\n.\r\nb\r\n', ''],
  ['an end that is none: lone LF after', 'a\r\n.\nb\r\n.\r\n', 'a\r\n\nb\r\n', ''],
  ['an end that is none: lone LF at both', 'a\n.\nMAIL\r\n.\r\n', 'a\n.\nMAIL\r\n', ''],
  ['an end that is none: lone CR', 'a\r.\rb\r\n.\rc\r\n.\r\n', 'a\r.\rb\r\n\rc\r\n', ''],
  ['an end that is none: CR CR LF', 'a\r\r\n.\r\r\n.\r\n', 'a\r\r\n\r\r\n', ''],
  ['NUL and octets beyond ASCII', '\0\xff\xe9\0\r\n.\r\n', '\0\xff\xe9\0\r\n', ''],
];

describe.each(CASES)('%s', (_, sent, text, rest) => {
  test('comes out the same wherever it is cut', () => {
    expect(decode([sent])).toEqual({ text, rest, ended: true });
    expect(decode([...sent])).toEqual({ text, rest, ended: true });
    for (let at = 1; at < sent.length; at += 1) {
      expect(decode([sent.slice(0, at), sent.slice(at)])).toEqual({ text, rest, ended: true });
    }
  });
});

/** Every text of these octets up to a length, so that no order of dots and line ends is left out. */
function* texts(length: number): Generator<string> {
  if (length === 0) return yield '';
  for (const shorter of texts(length - 1)) for (const octet of '\r\n.a') yield shorter + octet;
}

test('what was stuffed comes out as it went in, whatever dots and line ends it has', () => {
  for (const text of texts(7)) {
    const whole = `${text}\r\n`;
    const stuffed = whole.replace(/(^|\r\n)\./g, '$1..');
    expect(decode([`${stuffed}.\r\n`])).toEqual({ text: whole, rest: '', ended: true });
  }
});
