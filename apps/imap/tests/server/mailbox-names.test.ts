/** Mailbox names: in modified UTF-7 or UTF-8, normalized, and what IMAP4rev2 is told of old ones (RFC 9051 §5.1, RFC 6855 §3). */
import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

let server: TestServer;
let user = 0;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** A new user's session. */
async function signIn(): Promise<{ readonly A: Client; readonly name: string }> {
  user += 1;
  const name = `namer${user}`;
  return { A: await server.signIn(name), name };
}

const octets = (text: string): string => Buffer.from(text).toString('latin1');

test('names: modified UTF-7 until a session asks for UTF-8', async () => {
  const { A, name } = await signIn();
  const B = await server.signIn(name);
  const drafts = octets('Entwürfe');
  await transcript(
    { A, B },
    `B: b1 ENABLE UTF8=ACCEPT
     B>> b1 OK …
     B: b2 CREATE "${drafts}"
     B> b2 OK …
     A: a1 LIST "" "E*"
     A> * LIST (\\HasNoChildren) "." Entw&APw-rfe
     A> a1 OK …
     A: a2 STATUS Entw&APw-rfe (MESSAGES)
     A> * STATUS Entw&APw-rfe (MESSAGES 0)
     A> a2 OK …
     A: a3 CREATE Entw&APw-
     A> a3 OK …
     A: a4 CREATE Entw&APw
     A> a4 NO …
     B: b3 LIST "" "E*"
     B> * LIST (\\HasNoChildren) "." "${octets('Entwü')}"
     B> * LIST (\\HasNoChildren) "." "${drafts}"
     B> b3 OK …
     B: b4 STATUS "${drafts}" (MESSAGES)
     B> * STATUS "${drafts}" (MESSAGES 0)
     B> b4 OK …`,
  );
});

test('RFC 9051 §6.3.4: a name is normalized, and IMAP4rev2 is told so; old names stay within reach', async () => {
  const { A, name } = await signIn();
  const decomposed = octets('Menu\u0308');
  const composed = octets('Men\u00fc');
  for (const part of ['cur', 'new', 'tmp']) await mkdir(`${server.maildir(name)}/.a&AwI-/${part}`, { recursive: true });
  await transcript(
    { A },
    `A: a1 ENABLE IMAP4rev2
     A>> a1 OK …
     A: a2 CREATE "${decomposed}"
     A> * LIST (\\HasNoChildren) "." "${composed}" ("OLDNAME" ("${decomposed}"))
     A> a2 OK …
     A: a3 CREATE "${decomposed}"
     A> a3 NO [ALREADYEXISTS] …
     A: a4 STATUS "${decomposed}" (MESSAGES)
     A> * STATUS "${decomposed}" (MESSAGES 0)
     A> a4 OK …
     A: a5 STATUS "${octets('a\u0302')}" (MESSAGES)
     A> * STATUS "${octets('a\u0302')}" (MESSAGES 0)
     A> a5 OK …
     A: a6 DELETE "${decomposed}"
     A> * LIST (\\NonExistent) "." "${composed}" ("OLDNAME" ("${decomposed}"))
     A> a6 OK …
     A: a7 DELETE "${octets('a\u0302')}"
     A> a7 OK …
     A: a8 LIST "" "*"
     A> * LIST (…) "." INBOX
     A> a8 OK …`,
  );
});

test('RFC 9051 §6.3.6: IMAP4rev2 is told the old name after RENAME', async () => {
  const { A } = await signIn();
  await A.ok('CREATE OldMailbox');
  await transcript(
    { A },
    `A: a1 ENABLE IMAP4rev2
     A>> a1 OK …
     A: a2 SUBSCRIBE NewMailbox
     A> a2 OK …
     A: a3 RENAME OldMailbox NewMailbox
     A> * LIST (\\HasNoChildren \\Subscribed) "." NewMailbox ("OLDNAME" (OldMailbox))
     A> a3 OK …
     A: a4 RENAME INBOX Before
     A> a4 OK …`,
  );
});
