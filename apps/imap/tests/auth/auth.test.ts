import { describe, expect, test } from 'vitest';
import { decodeBase64, parsePlain } from '../../src/auth/plain.ts';
import { createSignIn } from '../../src/auth/sign-in.ts';
import { Throttle } from '../../src/auth/throttle.ts';

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
    expect(decodeBase64(Buffer.from(text))).toBeUndefined();
  });
});

describe('throttling', () => {
  test('doubles by address up to a bound, and a success forgives', () => {
    const throttle = new Throttle(() => 0);
    const delays = Array.from({ length: 8 }, () => throttle.failed('192.0.2.1'));
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(throttle.failed('192.0.2.2')).toBe(500);
    throttle.succeeded('192.0.2.1');
    expect(throttle.failed('192.0.2.1')).toBe(500);
  });

  test('forgets after a while', () => {
    let now = 0;
    const throttle = new Throttle(() => now);
    throttle.failed('192.0.2.1');
    now += 3_600_000;
    expect(throttle.failed('192.0.2.1')).toBe(500);
  });

  test('accounts that cannot be asked are no refusal, and cost no delay', async () => {
    const error = new Error('locked');
    const waits: number[] = [];
    const verify = () => Promise.reject(error);
    const signIn = createSignIn({ verify }, new Throttle(() => 0), async (ms) => void waits.push(ms));
    expect(await signIn.attempt({ name: 'ann', password: 'pw' }, '::1')).toEqual({ kind: 'unavailable', error });
    expect(waits).toEqual([]);
  });
});
