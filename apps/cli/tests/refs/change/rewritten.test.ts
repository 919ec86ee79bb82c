/** A file that comes in windows is replaced as one that is whole. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AbsolutePath, parseAbsolutePath } from '../../../src/ops/refs/absolute-path.ts';
import { BinaryFound, overlapOf, rewritten } from '../../../src/ops/refs/change/rewritten.ts';
import { searchFor } from '../../../src/ops/refs/match.ts';
import { replaceHits } from '../../../src/ops/refs/replace.ts';

const absolute = (text: string): AbsolutePath => {
  const path = parseAbsolutePath(text);
  if (!path.ok) throw new Error(path.error);
  return path.value;
};
const [find, put] = [absolute('/Volumes/GitHub'), absolute('/codebases')];
const overlap = overlapOf(find);

async function inWindows(octets: Buffer, size: number): Promise<Buffer> {
  async function* windows() {
    for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
  }
  const parts: Buffer[] = [];
  for await (const part of rewritten(windows(), { find, put })) parts.push(part);
  return Buffer.concat(parts);
}

const whole = (octets: Buffer): Buffer => replaceHits(octets, searchFor(find).inFile(octets).hits, put);

const SPELLINGS = [
  '/Volumes/GitHub',
  '\\/Volumes\\/GitHub',
  '%2FVolumes%2FGitHub',
  '/Volumes/GitHubOld',
  '\\\\Volumes\\\\GitHub',
];

it('wherever the windows are cut', async () => {
  const word = fc.oneof(fc.constantFrom(...SPELLINGS, ' ', '\r\n', '"', 'x/', '.'), fc.string({ maxLength: 3 }));
  // So much between them that the windows end in every place.
  const words = fc.array(fc.tuple(fc.array(word, { maxLength: 6 }), fc.integer({ min: 0, max: 3_000 })), {
    maxLength: 6,
  });
  const encoding = fc.constantFrom('utf8', 'latin1', 'utf16le');
  const size = fc.integer({ min: 100, max: 10_000 });
  await fc.assert(
    fc.asyncProperty(words, encoding, size, async (parts, encoding, size) => {
      const text = parts.map(([some, gap]) => some.join('').replaceAll('\0', '') + 'x\n'.repeat(gap)).join('');
      const octets = Buffer.from((encoding === 'utf16le' ? '\ufeff' : '') + text, encoding);
      expect((await inWindows(octets, size)).equals(whole(octets))).toBe(true);
    }),
  );
});

it('where a path lies across the end of each window, and of what is looked at with it', async () => {
  const filler = (length: number): string => '\n'.repeat(length);
  for (let before = 0; before <= find.text.length + 1; before += 1) {
    const some = `${filler(overlap - find.text.length - before)}${find.text} `;
    const octets = Buffer.from(`${some}${filler(before)}${some}${some}${filler(overlap)}${some}`);
    expect((await inWindows(octets, 2 * overlap)).equals(whole(octets))).toBe(true);
    expect(whole(octets).includes(find.text)).toBe(false);
  }
});

it('a zero that shows late makes it binary', async () => {
  const octets = Buffer.concat([Buffer.alloc(300_000, 'x'), Buffer.of(0)]);
  await expect(inWindows(octets, 100_000)).rejects.toThrow(BinaryFound);
});
