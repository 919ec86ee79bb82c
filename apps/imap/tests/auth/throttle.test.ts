import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { pacedBy } from '../../src/auth/pacing.ts';
import { createSignIn, type Verifier } from '../../src/auth/sign-in.ts';
import { addressKey, Throttle, type Turn } from '../../src/auth/throttle.ts';
import { everyoneWith } from '../support/verifier.ts';

const MINUTE = 60_000;

/** A throttle whose clock is set by hand. */
function clocked() {
  const clock = { now: 0 };
  const throttle = new Throttle(() => clock.now);
  /** A whole sign-in: how long it had to wait, or that it was sent away. */
  const attempt = (address: string, login: string, judgement: 'good' | 'bad' | 'unjudged') => {
    const turn = throttle.enter(address, login);
    const wait = turn.wait();
    if (wait === 'busy') turn.end();
    else {
      clock.now += wait;
      turn.end(judgement);
    }
    return wait;
  };
  return { clock, throttle, attempt };
}

describe('an address', () => {
  test('waits twice as long after each failure, up to a bound, whatever names it tries', () => {
    const { attempt } = clocked();
    const waits = Array.from({ length: 8 }, (_, i) => attempt('192.0.2.1', `user${i}`, 'bad'));
    expect(waits).toEqual([0, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect(attempt('192.0.2.2', 'ann', 'good')).toBe(0);
  });

  test('is forgiven what an account did there when that signs in well, and nothing more', () => {
    const { attempt } = clocked();
    for (let i = 0; i < 3; i++) attempt('192.0.2.1', 'victim', 'bad');
    for (let i = 0; i < 2; i++) attempt('192.0.2.1', 'mallory', 'bad');
    expect(attempt('192.0.2.1', 'mallory', 'good')).toBe(8000);
    expect(attempt('192.0.2.1', 'victim', 'bad')).toBe(2000);
  });

  test('is forgotten after a while', () => {
    const { attempt, clock } = clocked();
    for (let i = 0; i < 4; i++) attempt('192.0.2.1', 'ann', 'bad');
    clock.now += 16 * MINUTE;
    expect(attempt('192.0.2.1', 'ann', 'bad')).toBe(0);
    expect(attempt('192.0.2.1', 'ann', 'bad')).toBe(500);
  });

  test('is not charged for what could not be found out', () => {
    const { attempt } = clocked();
    expect([1, 2, 3].map(() => attempt('192.0.2.1', 'ann', 'unjudged'))).toEqual([0, 0, 0]);
  });

  test('gets no guesses for nothing by making them together: they come one after the other, and few of them wait', () => {
    const { throttle, clock } = clocked();
    throttle.enter('192.0.2.1', 'first').end('bad');
    const turns = Array.from({ length: 1000 }, (_, i) => throttle.enter('192.0.2.1', `user${i}`));
    const waits = turns.map((turn) => turn.wait());
    expect(waits.filter((wait) => wait !== 'busy')).toEqual(Array.from({ length: 120 }, (_, i) => 500 * (i + 1)));
    // The first of them fails: the others wait on, further apart, and those whose time does not suffice go.
    clock.now += 500;
    turns[0]?.end('bad');
    const again = turns.slice(1, 120).map((turn) => {
      clock.now += 500;
      return turn.wait();
    });
    expect(again.slice(0, 3)).toEqual([1000, 1500, 2000]);
    expect(again.filter((wait) => wait !== 'busy').length).toBeLessThan(60);
  });

  test('that floods without a failure is let in one by one above a burst', () => {
    const { throttle } = clocked();
    const waits = Array.from({ length: 1000 }, (_, i) => throttle.enter('192.0.2.1', `user${i}`).wait());
    expect(waits.filter((wait) => wait === 0)).toHaveLength(64);
    expect(waits[64]).toBe(100);
    expect(waits.filter((wait) => wait === 'busy').length).toBeGreaterThan(300);
  });
});

describe('an account', () => {
  test('that is failed at from many addresses is slowed for addresses that it is not known to call from', () => {
    const { attempt } = clocked();
    const waits = Array.from({ length: 8 }, (_, i) => attempt(`192.0.2.${i}`, 'victim', 'bad'));
    expect(waits).toEqual([0, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect(attempt('198.51.100.1', 'VICTIM', 'good')).toBe(15_000);
    expect(attempt('198.51.100.2', 'other', 'good')).toBe(0);
  });

  test('opens at once where it signed in well lately, during an attack and after, from that very address', () => {
    const { attempt } = clocked();
    attempt('198.51.100.1', 'owner', 'good');
    for (let i = 0; i < 8; i++) attempt(`192.0.2.${i}`, 'owner', 'bad');
    for (let i = 0; i < 8; i++) attempt('198.51.100.1', 'somebody', 'bad');
    expect(attempt('198.51.100.1', 'owner', 'good')).toBe(0);
    expect(attempt('198.51.100.9', 'owner', 'bad')).toBe(15_000);
  });

  test('is slowed at its own address when it is failed at there', () => {
    const { attempt } = clocked();
    attempt('198.51.100.1', 'owner', 'good');
    expect([1, 2, 3].map(() => attempt('198.51.100.1', 'owner', 'bad'))).toEqual([0, 500, 1000]);
    expect(attempt('198.51.100.1', 'neighbour', 'good')).toBe(0);
  });

  test('is not known for ever where it once signed in', () => {
    const { attempt, clock } = clocked();
    attempt('198.51.100.1', 'owner', 'good');
    clock.now += 31 * 24 * 60 * MINUTE;
    attempt('192.0.2.1', 'owner', 'bad');
    expect(attempt('198.51.100.1', 'owner', 'good')).toBe(500);
  });

  test('does not wash away an attack by signing in', () => {
    const { attempt } = clocked();
    for (let i = 0; i < 5; i++) attempt(`192.0.2.${i}`, 'owner', 'bad');
    attempt('198.51.100.1', 'owner', 'good');
    expect(attempt('192.0.2.9', 'owner', 'bad')).toBe(8000);
  });

  test('lets all its connections go on once one of them is in', () => {
    const { throttle } = clocked();
    const turns: Turn[] = Array.from({ length: 30 }, () => throttle.enter('192.0.2.1', 'ann'));
    const late = turns.slice(16);
    expect(late.map((turn) => turn.wait()).every((wait) => wait !== 'busy' && wait > 0)).toBe(true);
    turns[0]?.end('good');
    expect(late.every((turn) => turn.released.aborted && turn.wait() === 0)).toBe(true);
    for (const turn of turns.slice(1)) turn.end('good');
    expect(throttle.enter('192.0.2.1', 'ann').wait()).toBe(0);
  });

  test('counts alone where the address says nothing', () => {
    const { throttle } = clocked();
    for (let i = 0; i < 3; i++) throttle.enter(undefined, `user${i}`).end('bad');
    expect(throttle.enter(undefined, 'other').wait()).toBe(0);
    expect(throttle.enter(undefined, 'user1').wait()).toBe(500);
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:0:1::5', '2001:db8:0:1::/64'],
  ['2001:0DB8::1:2:3:4', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('%s is %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

describe('signing in', () => {
  /** Sign-ins with these passwords one after the other, and what happened: looks at accounts, and waits. */
  async function attempts(...passwords: string[]) {
    const log: string[] = [];
    const error = new Error('locked');
    const verifier: Verifier = {
      ...everyoneWith('right'),
      verifyLogin: async (name, password) => {
        log.push(`look ${password}`);
        if (password === 'locked') throw error;
        return password === 'right' ? { name } : undefined;
      },
      find: (name) => (name === 'ann' ? { name } : undefined),
    };
    const signIn = createSignIn(
      verifier,
      pacedBy(new Throttle(() => 0), async (ms) => void log.push(`wait ${ms}`)),
    );
    const results: unknown[] = [];
    for (const password of passwords) results.push(await signIn.attempt({ name: 'ann', password }, '::1'));
    return { log, results, error };
  }

  test('looks at the account only after the wait that failures cost', async () => {
    const { log, results } = await attempts('wrong', 'wrong', 'right', 'wrong');
    expect(log).toEqual(['look wrong', 'wait 500', 'look wrong', 'wait 1000', 'look right', 'look wrong']);
    expect(results).toEqual([
      { kind: 'refused', account: 'ann' },
      { kind: 'refused', account: 'ann' },
      { kind: 'signed-in', user: 'ann' },
      { kind: 'refused', account: 'ann' },
    ]);
  });

  test('accounts that cannot be asked are no refusal', async () => {
    const { log, results, error } = await attempts('locked', 'right');
    expect(log).toEqual(['look locked', 'look right']);
    expect(results).toEqual([
      { kind: 'unavailable', error },
      { kind: 'signed-in', user: 'ann' },
    ]);
  });

  test('sends away who would wait too long, without a look', async () => {
    const throttle = new Throttle(() => 0);
    throttle.enter('192.0.2.1', 'ann').end('bad');
    const never = () => new Promise<void>(() => {});
    const signIn = createSignIn(everyoneWith('right'), pacedBy(throttle, never));
    const busy: unknown[] = [];
    for (let i = 0; i < 200; i++) {
      void signIn.attempt({ name: `user${i}`, password: 'right' }, '192.0.2.1').then((result) => busy.push(result));
    }
    await setImmediate();
    expect(busy).toEqual(Array.from({ length: 80 }, () => ({ kind: 'busy' })));
  });

  test('a name that is no account’s is not told further: it may be a password', async () => {
    const verifier = { ...everyoneWith('right'), find: () => undefined };
    const signIn = createSignIn(
      verifier,
      pacedBy(new Throttle(() => 0), async () => {}),
    );
    expect(await signIn.attempt({ name: 'hunter2', password: 'x' }, '::1')).toEqual({ kind: 'refused' });
  });
});
