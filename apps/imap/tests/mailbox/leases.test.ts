import { expect, test } from 'vitest';
import { Leases } from '../../src/mailbox/leases.ts';

function setup() {
  const log: string[] = [];
  const closings: (() => void)[] = [];
  const leases = new Leases<string>(async (value) => {
    log.push(`close ${value}`);
    await new Promise<void>((resolve) => closings.push(resolve));
  });
  let opened = 0;
  const open = async () => {
    opened += 1;
    log.push(`open ${opened}`);
    return { ok: true, value: `v${opened}` } as const;
  };
  const acquire = async () => {
    const lease = await leases.acquire('key', open);
    if (!lease.ok) throw new Error(lease.error.message);
    return lease.value;
  };
  return { log, closings, leases, acquire };
}

test('is opened once for all and closed after the last', async () => {
  const { log, acquire } = setup();
  const [one, other] = await Promise.all([acquire(), acquire()]);
  expect(one.value).toBe(other.value);
  await one.release();
  await one.release();
  expect(log).toEqual(['open 1']);
  void other.release();
  expect(log).toEqual(['open 1', 'close v1']);
});

test('whoever asks while it is being closed waits, and gets a new one', async () => {
  const { log, closings, acquire } = setup();
  const one = await acquire();
  void one.release();
  const next = acquire();
  await Promise.resolve();
  expect(log).toEqual(['open 1', 'close v1']);
  closings[0]?.();
  expect((await next).value).toBe('v2');
});

test('a failure to open is not remembered', async () => {
  const { leases, acquire } = setup();
  const error = { code: 'unavailable', message: 'Not now.' } as const;
  expect(await leases.acquire('key', async () => ({ ok: false, error }))).toEqual({ ok: false, error });
  await expect(leases.acquire('key', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect((await acquire()).value).toBe('v1');
});

test('what was detached is left to those who have it', async () => {
  const { leases, acquire } = setup();
  const old = await acquire();
  leases.detach('key');
  const fresh = await acquire();
  expect([old.value, fresh.value]).toEqual(['v1', 'v2']);
  void old.release();
  expect((await leases.existing('key'))?.value).toBe('v2');
});

test('a close that fails does not keep the next one from opening', async () => {
  const leases = new Leases<string>(() => Promise.reject(new Error('broken')));
  const open = async () => ({ ok: true, value: 'v' }) as const;
  const first = await leases.acquire('key', open);
  const closing = first.ok ? first.value.release() : undefined;
  const second = leases.acquire('key', open);
  await expect(closing).rejects.toThrow('broken');
  expect(await second).toMatchObject({ ok: true, value: { value: 'v' } });
});
