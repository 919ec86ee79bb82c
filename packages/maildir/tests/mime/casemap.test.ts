import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casemap, matches } from '../../src/mime/index.ts';

describe('i;unicode-casemap (RFC 5051 §2)', () => {
  it.each([
    ['', ''],
    ['Hello, World 1', 'HELLO, WORLD 1'],
    ['\u01c4', 'Dz\u030c'], // the RFC's example
    ['\u01c6', 'Dz\u030c'],
    ['\u01f3', 'Dz'],
    ['straße', 'STRAßE'], // sharp s has no title case of one letter
    ['\u1e9e', '\u1e9e'], // and the capital one is another letter
    ['ΟΔΟΣ οδος', 'ΟΔΟΣ ΟΔΟΣ'], // final sigma
    ['\ufb01x', 'fiX'], // a ligature has no title case; what it decomposes to is not mapped again
    ['\u0131I\u0130i', 'III\u0307I'], // Turkish i without and with dot
    ['é', 'E\u0301'],
    ['e\u0301', 'E\u0301'],
    ['ǰ', 'j\u030c'],
    ['\u1f80', '\u0391\u0313\u0345'], // Greek alpha with psili and iota subscript
    ['\u1fb3', '\u0391\u0345'],
    ['\u10d0', '\u10d0'], // Georgian is its own title case
    ['\u1c90', '\u1c90'],
    ['한글', '\u1112\u1161\u11ab\u1100\u1173\u11af'],
    ['日本', '日本'],
    ['\uff21\uff41', 'AA'], // full width
    ['\u{10428}', '\u{10400}'], // Deseret, beyond the basic plane
    ['\ud800', '\ud800'], // half a surrogate pair stays
    ['ж', 'Ж'],
    ['\u212a', 'K'], // the Kelvin sign decomposes
    ['㎏', 'kg'],
  ])('%j is %j', (text, expected) => {
    expect(casemap(text)).toBe(expected);
  });

  it('does not hang on what stands before or after', () => {
    const unit = fc.constantFrom('a', 'B', 'ß', 'é', '\u0301', 'ς', '한', '\u{10428}', 'ﬁ', '\r\n', 'İ');
    const text = fc.array(unit).map((chars) => chars.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(casemap(a + b)).toBe(casemap(a) + casemap(b));
      }),
    );
  });

  it('finds what was composed in another way, in either direction', () => {
    const nfc = 'Crème brûlée'.normalize('NFC');
    const nfd = nfc.normalize('NFD');
    for (const text of [nfc, nfd])
      for (const needle of [nfc, nfd]) expect(matches([text], needle.toUpperCase())).toBe(true);
    expect(matches(['Creme brulee'], nfc)).toBe(false);
    expect(matches(['masse'], 'maße')).toBe(false);
  });

  it('sees a character whose surrogates come in two pieces', () => {
    expect(matches(['a\ud801', '\udc28b'], 'A\u{10400}B')).toBe(true);
  });
});
