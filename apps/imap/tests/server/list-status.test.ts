/** STATUS right after each LIST response (RFC 5819). */
import type { MailStore, StoreErrorCode } from '@scorpiox/maildir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { overriding } from '../support/overriding.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

test('RFC 5819 §3: STATUS after LIST, of mailboxes that satisfy the criteria', async () => {
  const A = await server.signIn('lister');
  for (const mailbox of ['foo', 'foo.sub', 'bar.sub']) await A.ok(`CREATE ${mailbox}`);
  for (const mailbox of ['INBOX', 'foo.sub']) await A.ok(`SUBSCRIBE ${mailbox}`);
  for (const flags of ['', '(\\Seen) ']) await A.append('INBOX', 'x\r\n', flags);
  await A.append('foo', 'x\r\n', '(\\Seen) ');
  await transcript(
    { A },
    `A: A01 LIST "" % RETURN (STATUS (MESSAGES UNSEEN))
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * STATUS INBOX (MESSAGES 2 UNSEEN 1)
     A> * LIST (\\NonExistent \\HasChildren) "." bar
     A> * LIST (\\HasChildren) "." foo
     A> * STATUS foo (MESSAGES 1 UNSEEN 0)
     A> A01 OK …
     A: A02 LIST (SUBSCRIBED RECURSIVEMATCH) "" % RETURN (STATUS (MESSAGES))
     A> * LIST (\\HasNoChildren \\Subscribed) "." INBOX
     A> * STATUS INBOX (MESSAGES 2)
     A> * LIST (\\HasChildren) "." foo ("CHILDINFO" ("SUBSCRIBED"))
     A> A02 OK …`,
  );
});

test('RFC 5819 §2: a mailbox that goes in between is listed as gone, one that cannot be looked at without STATUS', async () => {
  const troubled = (code: StoreErrorCode): Awaited<ReturnType<MailStore['status']>> => ({
    ok: false,
    error: { code, message: 'It is not to be looked at.' },
  });
  const other = await startServer(undefined, (store) =>
    overriding<MailStore>(store, {
      status: async (name, options) =>
        name === 'gone'
          ? troubled('no-such-mailbox')
          : name === 'locked'
            ? troubled('unavailable')
            : store.status(name, options),
    }),
  );
  try {
    const A = await other.signIn('racer');
    for (const mailbox of ['gone', 'locked', 'sound']) await A.ok(`CREATE ${mailbox}`);
    await transcript(
      { A },
      `A: a1 LIST "" "*" RETURN (STATUS (MESSAGES))
       A> * LIST (\\HasNoChildren) "." INBOX
       A> * STATUS INBOX (MESSAGES 0)
       A> * LIST (\\NonExistent \\HasNoChildren) "." gone
       A> * LIST (\\HasNoChildren) "." locked
       A> * LIST (\\HasNoChildren) "." sound
       A> * STATUS sound (MESSAGES 0)
       A> a1 OK …`,
    );
  } finally {
    await other.stop();
  }
});
