/** What a session has open is let go where the store breaks in the middle. */
import type { Mailbox, MailStore } from '@scorpiox/maildir';
import { expect, test, vi } from 'vitest';
import { overriding } from '../support/overriding.ts';
import { startServer } from '../support/server.ts';

/** A server whose mailboxes are altered so, and how often a mailbox and a store were closed. */
async function start(alter: (mailbox: Mailbox, closed: () => void) => Partial<Mailbox>) {
  const closed = { mailboxes: 0, stores: 0 };
  const altered = (store: MailStore): MailStore =>
    overriding(store, {
      open: async (name) => {
        const mailbox = await store.open(name);
        if (!mailbox.ok) return mailbox;
        const count = () => {
          closed.mailboxes += 1;
        };
        return { ok: true, value: overriding(mailbox.value, alter(mailbox.value, count)) };
      },
      close: async () => {
        closed.stores += 1;
        await store.close();
      },
    });
  return { closed, server: await startServer(undefined, altered) };
}

test('a SELECT that breaks closes the mailbox again', async () => {
  let looks = 0;
  const { closed, server } = await start((mailbox, count) => ({
    uids: () => {
      looks += 1;
      if (looks === 1) throw new Error('broken');
      return mailbox.uids();
    },
    close: async () => {
      count();
      await mailbox.close();
    },
  }));
  const client = await server.signIn('ann');
  expect((await client.command('SELECT INBOX')).result).toMatch(/^NO \[SERVERBUG\]/);
  expect(closed).toEqual({ mailboxes: 1, stores: 0 });
  await client.ok('SELECT INBOX');
  await server.stop();
});

test('a mailbox that cannot be closed does not keep the store open', async () => {
  const { closed, server } = await start((mailbox, count) => ({
    close: async () => {
      count();
      await mailbox.close();
      throw new Error('broken');
    },
  }));
  const client = await server.signIn('ann');
  await client.ok('SELECT INBOX');
  client.close();
  await vi.waitFor(() => expect(closed).toEqual({ mailboxes: 1, stores: 1 }), { timeout: 10_000 });
  await server.stop();
});
