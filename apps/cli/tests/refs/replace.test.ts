// What holds for any text: nothing is left of a path that was replaced, and nothing else is touched.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AbsolutePath, parseAbsolutePath } from '../../src/ops/refs/absolute-path.ts';
import { type Found, searchFor } from '../../src/ops/refs/match.ts';
import { replaceHits } from '../../src/ops/refs/replace.ts';
import { utf16 } from './support.ts';

const name = fc
  .stringMatching(/^[A-Za-z0-9é日_](?:[A-Za-z0-9é日_ .-]{0,4}[A-Za-z0-9é日_])?$/)
  // Behind a backslash a letter is a line end or the like; behind a space `-l` is a flag, and `c:` a drive or a scheme.
  .filter((text) => !/^[abefnrtv0]$| [A-Za-z-]/.test(text));
const path = fc
  .array(name, { minLength: 1, maxLength: 3 })
  .map((names): AbsolutePath => ({ names, text: `/${names.join('/')}` }))
  .filter(({ text }) => parseAbsolutePath(text).ok);

const separator = fc.constantFrom('/', '\\/', '%2F', '%252F', '\\', '\\\\', '\\u002F', '//', '\\\\/', '%2f', '\\u002f');
const noise = fc.oneof(
  fc.constantFrom(
    '"',
    "'",
    ' ',
    '\n',
    '\r\n',
    '.',
    '-I',
    '=',
    ':',
    'file://',
    'smb://',
    '\\',
    '\\"',
    '%20',
    'x',
    'é',
    '~',
    '*',
    '-',
    ' Copy/',
    '$X',
    '@',
    'C:',
  ),
  fc.string({ maxLength: 4 }),
);

/** A text with a path in it in many spellings, and things that look like it. */
const textWith = (from: AbsolutePath) =>
  fc
    .array(
      fc.oneof(
        { weight: 2, arbitrary: noise },
        { weight: 2, arbitrary: separator.map((each) => from.names.map((one) => `${each}${one}`).join('')) },
        {
          weight: 1,
          arbitrary: fc.tuple(separator, separator, fc.boolean()).map(([first, other, isUpper]) => {
            const text = from.names.map((one, at) => `${at === 0 ? first : other}${one}`).join('');
            return isUpper ? text.toUpperCase() : text;
          }),
        },
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));

const world = fc
  .tuple(path, path)
  .chain(([from, to]) => fc.record({ from: fc.constant(from), to: fc.constant(to), text: textWith(from) }));

const octetsOf = (text: string): readonly Buffer[] => [
  Buffer.from(text),
  Buffer.from(text, 'latin1'),
  utf16(text, 'utf-16le', true),
  utf16(text, 'utf-16be', true),
];

/** What is outside of hits. */
function outside(octets: Buffer, { hits }: Found): Buffer[] {
  const ends = [0, ...hits.map(({ at, length }) => at + length)];
  return ends.map((end, index) => octets.subarray(end, hits[index]?.at ?? octets.length));
}

it('after replacing nothing is found any more, and what was no hit is there as it was', () => {
  fc.assert(
    fc.property(world, ({ from, to, text }) => {
      // A path below the one it takes the place of is found in itself; one above it may be, with what follows.
      fc.pre(!to.text.startsWith(from.text) && !`${from.text}/`.startsWith(`${to.text}/`));
      for (const octets of octetsOf(text)) {
        const found = searchFor(from).inFile(octets);
        const after = replaceHits(octets, found.hits, to);
        expect(searchFor(from).inFile(after).hits).toEqual([]);
        let at = 0;
        for (const part of outside(octets, found)) {
          const place = after.indexOf(part, at);
          expect(place).not.toBe(-1);
          at = place + part.length;
        }
        if (found.hits.length === 0) expect(after).toEqual(octets);
      }
    }),
  );
});

it('replaced there and back, every octet is as it was', () => {
  fc.assert(
    fc.property(world, ({ from, to, text }) => {
      // With fewer names some of the separators that were found are gone, and what was escaped and need not be stays plain.
      fc.pre(to.names.length >= from.names.length && !/[^A-Za-z0-9_]/.test(to.text.replaceAll('/', '')));
      for (const octets of octetsOf(text)) {
        const before = searchFor(to).inFile(octets);
        fc.pre(before.hits.length === 0 && before.nearMisses.length === 0);
        const { content, hits } = searchFor(from).inFile(octets);
        fc.pre(content !== 'binary' && hits.every(({ style }) => style.escaping.kind === 'none'));
        const there = replaceHits(octets, hits, to);
        expect(replaceHits(there, searchFor(to).inFile(there).hits, from)).toEqual(octets);
      }
    }),
  );
});
