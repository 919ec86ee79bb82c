/** A message whose file cannot be read must not take the others with it. */
import type { Mailbox, MailStore } from '@scorpiox/maildir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { overriding } from '../support/overriding.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

/** The second message of every mailbox opens, and then fails. */
function failing(mailbox: Mailbox): Mailbox {
  const broken = async () => {
    throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
  };
  return overriding(mailbox, {
    open: async (uid) => {
      const opened = await mailbox.open(uid);
      if (!opened.ok || uid !== 2) return opened;
      const stream = () => ({ [Symbol.asyncIterator]: () => ({ next: broken }) });
      return { ok: true, value: overriding(opened.value, { read: broken, stream }) };
    },
  });
}

function altered(store: MailStore): MailStore {
  return overriding(store, {
    open: async (name) => {
      const mailbox = await store.open(name);
      return mailbox.ok ? { ok: true, value: failing(mailbox.value) } : mailbox;
    },
  });
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer(undefined, altered);
});
afterAll(() => server.stop());

test('SEARCH passes over it, FETCH says NO without a NIL, and both are reported', async () => {
  const A = await server.signIn('ann');
  for (let n = 1; n <= 3; n += 1) await A.append('INBOX', `Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
  await transcript(
    { A },
    `A: a1 SELECT INBOX
     A>> a1 OK …
     A: a2 SEARCH BODY body
     A> * SEARCH 1 3
     A> a2 OK …
     A: a3 SEARCH SUBJECT message
     A> * SEARCH 1 3
     A> a3 OK …
     A: a4 FETCH 1:3 (UID BODY.PEEK[TEXT])
     A> * 1 FETCH …
     A> * 3 FETCH …
     A> a4 NO [UNAVAILABLE] …`,
  );
  const told = server.errors.map((line) => JSON.parse(line));
  expect(told.map(({ msg }) => msg)).toEqual([
    'A message could not be searched: unavailable.',
    'A message could not be searched: unavailable.',
    'A message could not be fetched: unavailable.',
  ]);
  expect(told.every(({ error }) => error.code === 'EIO')).toBe(true);
});
