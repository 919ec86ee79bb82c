import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transferDecoder } from '../../src/mime/index.ts';
import { octets } from './support.ts';

/** The text decoded in pieces that end at these places; at each border another decoder goes on. */
function decoded(encoding: string, text: string, places: readonly number[], handsOver: boolean): string {
  const out: Uint8Array[] = [];
  let decoder = transferDecoder(encoding);
  let start = 0;
  for (const end of [...places, text.length]) {
    out.push(decoder.push(octets(text.slice(start, end))));
    if (handsOver) decoder = transferDecoder(encoding, decoder.rest);
    start = end;
  }
  return Buffer.concat([...out, decoder.end()]).toString('latin1');
}

const cases: readonly (readonly [string, string, string])[] = [
  ['7bit', 'a=3D\r\n', 'a=3D\r\n'],
  ['x-unknown', 'a=3D', 'a=3D'],
  ['base64', 'aGVs\r\nbG8=\r\n', 'hello'],
  ['BASE64', 'aGVsbG8', 'hello'],
  ['base64', 'YQ==\r\nYmM=\r\nZGVm', 'abcdef'],
  ['base64', '=YQ==', 'a'],
  ['quoted-printable', 'a=3D=3d \t \r\nb=\r\nc=  \r\nd', 'a==\r\nbcd'],
  ['quoted-printable', 'a=zz=', 'a=zz='],
];

describe('transfer encodings', () => {
  it.each(cases)('%s of %j is %j, wherever it is cut', (encoding, text, expected) => {
    expect(decoded(encoding, text, [], false)).toBe(expected);
    for (let at = 0; at <= text.length; at += 1) {
      for (const handsOver of [false, true]) expect(decoded(encoding, text, [at], handsOver), `${at}`).toBe(expected);
    }
    expect(
      decoded(
        encoding,
        text,
        Array.from(text, (_, at) => at),
        true,
      ),
    ).toBe(expected);
  });

  it('decodes long quoted-printable alike in whatever chunks it comes', () => {
    const line = `${'=C3=A9'.repeat(12)}=\r\n`;
    const text = line.repeat(4_000);
    const expected = decoded('quoted-printable', text, [], false);
    expect(expected).toBe('\xc3\xa9'.repeat(48_000));
    const chunks = Array.from({ length: Math.floor(text.length / 65_536) }, (_, at) => (at + 1) * 65_536);
    expect(decoded('quoted-printable', text, chunks, false)).toBe(expected);
  });

  it('decodes a line without an end alike in whatever chunks it comes', () => {
    const text = '=3D'.repeat(50_000);
    const places = fc.uniqueArray(fc.integer({ min: 0, max: text.length }), { maxLength: 5 });
    fc.assert(
      fc.property(places, (cuts) => {
        const sorted = cuts.toSorted((a, b) => a - b);
        expect(decoded('quoted-printable', text, sorted, true) === '='.repeat(50_000)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
