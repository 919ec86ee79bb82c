import type { MailStore } from '@scorpiox/maildir';
import { expect, test } from 'vitest';
import { createMail } from '../../src/mailbox/user-mail.ts';
import { FakeMailbox } from '../support/fake-mailbox.ts';
import { overriding } from '../support/overriding.ts';

/** A user's mail of one mailbox whose looks at the disk go as the test says; counts what is opened and closed. */
async function setup() {
  const mailbox = new FakeMailbox();
  const count = { stores: 0, opened: 0, closed: 0, looks: 0 };
  let look = async () => {
    count.looks += 1;
    return { ok: true, value: undefined } as const;
  };
  const open: MailStore['open'] = async () => {
    count.opened += 1;
    const close = async () => {
      count.closed += 1;
    };
    return { ok: true, value: overriding(mailbox, { refresh: () => look(), close }) };
  };
  const mail = createMail(async () => {
    count.stores += 1;
    // Nothing but these two is asked of it here.
    return { ok: true, value: { open, close: async () => {} } as unknown as MailStore };
  });
  const acquire = async () => {
    const lease = await mail.acquire('ann');
    if (!lease.ok) throw new Error(lease.error.message);
    return lease.value;
  };
  const breakLooks = () => {
    look = () => Promise.reject(new Error('broken'));
  };
  return { acquire, breakLooks, count, name: mailbox.name };
}

test('a look that breaks gives the share of the mailbox back', async () => {
  const { acquire, breakLooks, count, name } = await setup();
  const { value: user } = await acquire();
  const kept = await user.open(name);
  breakLooks();
  await expect(user.open(name)).rejects.toThrow('broken');
  await expect(user.openAlready(name)).rejects.toThrow('broken');
  expect(count).toMatchObject({ opened: 1, closed: 0 });
  if (kept.ok) await kept.value.release();
  expect(count).toMatchObject({ opened: 1, closed: 1 });
});

test('who opens a mailbox does not look at the disk a second time; who joins does', async () => {
  const { acquire, count, name } = await setup();
  const { value: user } = await acquire();
  const first = await user.open(name);
  expect(count).toMatchObject({ opened: 1, looks: 0 });
  const second = await user.open(name);
  expect(count).toMatchObject({ opened: 1, looks: 1 });
  for (const lease of [first, second]) if (lease.ok) await lease.value.release();
});

test('a store that was given up stays with those who have it, and is opened anew for the next', async () => {
  const { acquire, count } = await setup();
  const told: string[] = [];
  const first = await acquire();
  const second = await acquire();
  first.value.onAbandoned(() => told.push('first'));
  const stop = second.value.onAbandoned(() => told.push('second'));
  stop();
  expect([count.stores, told]).toEqual([1, []]);
  first.value.abandon();
  const third = await acquire();
  second.value.abandon(); // said twice: the new one stays
  const fourth = await acquire();
  expect([count.stores, told, fourth.value === third.value]).toEqual([2, ['first'], true]);
  second.value.onAbandoned(() => told.push('late'));
  expect(told).toEqual(['first', 'late']);
});
