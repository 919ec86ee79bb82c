import { describe, expect, test } from 'vitest';
import { parsePlain } from '../../src/auth/plain.ts';
import { decodeBase64 } from '../../src/wire/base64.ts';

describe('PLAIN', () => {
  test.each([
    ['\0ann\0pw', { ok: true, value: { name: 'ann', password: 'pw' } }],
    ['ann\0ann\0pw', { ok: true, value: { name: 'ann', password: 'pw' } }],
    ['\0ann\0pässword', { ok: true, value: { name: 'ann', password: 'pässword' } }],
    ['bob\0ann\0pw', { ok: false, error: 'other-identity' }],
    ['ann\0pw', { ok: false, error: 'malformed' }],
    ['\0ann\0pw\0', { ok: false, error: 'malformed' }],
    ['\0\0pw', { ok: false, error: 'malformed' }],
    ['', { ok: false, error: 'malformed' }],
  ])('%j', (message, expected) => {
    expect(parsePlain(Buffer.from(message))).toEqual(expected);
  });

  test('octets that are no UTF-8', () => {
    expect(parsePlain(Buffer.from([0, 0xff, 0, 0x61]))).toEqual({ ok: false, error: 'malformed' });
  });

  test.each(['a', 'ab=c', '====', 'YW Fu', 'YWFu\t'])('%j is no base64', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
