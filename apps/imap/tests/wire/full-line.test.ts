import { expect, it } from 'vitest';
import { Framer } from '../../src/wire/framer.ts';
import { bytes } from './transcript.ts';

it('a literal that takes the last room of a line is answered for when the rest has come, and not before', () => {
  const announced = 'u LIST {0}\r\n';
  const framer = new Framer({ line: announced.length, literal: 60, literalTotal: 100, literals: 3, unasked: 50 });
  framer.push(bytes(announced));
  expect(framer.next()).toMatchObject({ kind: 'literal-wanted' });
  framer.accept();
  expect(framer.next()).toBeUndefined();
  framer.push(bytes('\r\ns NOOP\r\n'));
  expect(framer.next()).toMatchObject({ kind: 'rejected', skipping: 0 });
  expect(framer.next()).toMatchObject({ kind: 'command' });
});
