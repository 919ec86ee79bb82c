import { describe, expect, test } from 'vitest';
import { parsePlain } from '../../src/auth/plain.ts';
import { createSignIn } from '../../src/auth/sign-in.ts';
import { Throttle } from '../../src/auth/throttle.ts';
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

describe('throttling', () => {
  test('doubles by address up to a bound, and a success forgives', () => {
    const throttle = new Throttle(() => 0);
    const delays = Array.from({ length: 8 }, () => {
      throttle.failed('192.0.2.1');
      return throttle.delay('192.0.2.1');
    });
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(throttle.delay('192.0.2.2')).toBe(0);
    throttle.succeeded('192.0.2.1');
    expect(throttle.delay('192.0.2.1')).toBe(0);
  });

  test('forgets after a while', () => {
    let now = 0;
    const throttle = new Throttle(() => now);
    throttle.failed('192.0.2.1');
    throttle.failed('192.0.2.1');
    now += 3_600_000;
    expect(throttle.delay('192.0.2.1')).toBe(0);
    throttle.failed('192.0.2.1');
    expect(throttle.delay('192.0.2.1')).toBe(500);
  });

  /** Sign-ins with these passwords one after the other, and what happened: looks at accounts, and waits. */
  async function attempts(...passwords: string[]) {
    const log: string[] = [];
    const error = new Error('locked');
    const verify = async (name: string, password: string) => {
      log.push(`look ${password}`);
      if (password === 'locked') throw error;
      return password === 'right' ? { name } : undefined;
    };
    const signIn = createSignIn({ verify }, new Throttle(() => 0), async (ms) => void log.push(`wait ${ms}`));
    const results: string[] = [];
    for (const password of passwords) results.push((await signIn.attempt({ name: 'ann', password }, '::1')).kind);
    return { log, results };
  }

  test('while an address has failures the account is looked at only after the wait', async () => {
    const { log, results } = await attempts('wrong', 'wrong', 'right', 'wrong');
    expect(log).toEqual(['look wrong', 'wait 500', 'look wrong', 'wait 1000', 'look right', 'look wrong']);
    expect(results).toEqual(['refused', 'refused', 'signed-in', 'refused']);
  });

  test('accounts that cannot be asked are no refusal, and cost what a refusal costs', async () => {
    const { log, results } = await attempts('locked', 'locked', 'right');
    expect(log).toEqual(['look locked', 'wait 500', 'look locked', 'wait 1000', 'look right']);
    expect(results).toEqual(['unavailable', 'unavailable', 'signed-in']);
  });
});
