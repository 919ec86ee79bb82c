import { describe, expect, test } from 'vitest';
import { saslprep } from '../../src/accounts/saslprep.ts';

describe('SASLprep', () => {
  /** RFC 4013 §3, and what the tables add. */
  test.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b\u3000c', 'a b c'],
    ['a\u200bb', 'a b'],
    ['gru\u0308n', 'gr\u00fcn'],
    ['\uff21\ufb01', 'Afi'],
    ['\ud83d\udd11', '\ud83d\udd11'],
  ])('%j becomes %j', (password, expected) => {
    expect(saslprep(password)).toBe(expected);
  });

  test.each([
    'a\u0007',
    '\u00aa\ue000',
    '\u00aa\u200e',
    '\u00ad',
    '\u00aa\ufffd',
    '\u00aa\ud800',
    '\u00aa\ufdd0',
  ])('%j is taken as it is', (password) => {
    expect(saslprep(password)).toBe(password);
  });
});
