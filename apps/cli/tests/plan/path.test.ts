import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathOf, pathText } from '../../src/ops/plan/actions/path.ts';

it('writes any bytes of a path as text, and finds them again', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
      const path = Buffer.concat(pieces);
      const text = pathText(path);
      expect(pathOf(text)).toEqual(path);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});

it('leaves what is plain text as it is', () => {
  expect(pathText(Buffer.from('/mail/älice/cur/1.host:2,S'))).toBe('/mail/älice/cur/1.host:2,S');
  expect(pathText(Buffer.from([0x61, 0xff, 0x5c, 0x0a]))).toBe('a\\xff\\\\\\x0a');
});
