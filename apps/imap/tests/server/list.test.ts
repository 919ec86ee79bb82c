/**
 * The dialogues that RFC 9051 §6.3.9.8, RFC 5258 §5, RFC 3501 §6.3.9, RFC 3348 and RFC 6154 §5 print, with the
 * delimiter of Maildir++. \HasChildren, \HasNoChildren and special uses are told whether asked for or not.
 */
import { parseMailboxName } from '@scorpiox/maildir';
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

/** A new user's session, with these mailboxes, and these names subscribed to. */
async function signIn(mailboxes: string, subscribed = ''): Promise<{ readonly A: Client; readonly name: string }> {
  user += 1;
  const name = `lister${user}`;
  const A = await server.signIn(name);
  for (const mailbox of mailboxes.split(' ').filter(Boolean)) await A.ok(`CREATE ${mailbox}`);
  for (const mailbox of subscribed.split(' ').filter(Boolean)) await A.ok(`SUBSCRIBE ${mailbox}`);
  return { A, name };
}

test('RFC 5258 §5, examples 1 to 6: what there is, what is subscribed to, children', async () => {
  const there = 'Fruit Fruit.Apple Fruit.Banana Tofu Vegetable Vegetable.Broccoli Vegetable.Corn';
  const { A } = await signIn(there, 'INBOX Fruit.Banana Fruit.Peach Vegetable Vegetable.Broccoli');
  await transcript(
    { A },
    `A: A01 LIST "" "*"
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * LIST (\\HasChildren) "." Fruit
     A> * LIST (\\HasNoChildren) "." Fruit.Apple
     A> * LIST (\\HasNoChildren) "." Fruit.Banana
     A> * LIST (\\HasNoChildren) "." Tofu
     A> * LIST (\\HasChildren) "." Vegetable
     A> * LIST (\\HasNoChildren) "." Vegetable.Broccoli
     A> * LIST (\\HasNoChildren) "." Vegetable.Corn
     A> A01 OK …
     A: A02 LIST (SUBSCRIBED) "" "*"
     A> * LIST (\\HasNoChildren \\Subscribed) "." INBOX
     A> * LIST (\\HasNoChildren \\Subscribed) "." Fruit.Banana
     A> * LIST (\\NonExistent \\HasNoChildren \\Subscribed) "." Fruit.Peach
     A> * LIST (\\HasChildren \\Subscribed) "." Vegetable
     A> * LIST (\\HasNoChildren \\Subscribed) "." Vegetable.Broccoli
     A> A02 OK …
     A: A03 LIST () "" "%" RETURN (CHILDREN)
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * LIST (\\HasChildren) "." Fruit
     A> * LIST (\\HasNoChildren) "." Tofu
     A> * LIST (\\HasChildren) "." Vegetable
     A> A03 OK …
     A: A04 LIST (REMOTE) "" "%" RETURN (CHILDREN)
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * LIST (\\HasChildren) "." Fruit
     A> * LIST (\\HasNoChildren) "." Tofu
     A> * LIST (\\HasChildren) "." Vegetable
     A> A04 OK …
     A: A05 LIST (REMOTE SUBSCRIBED) "" "*"
     A> * LIST (… \\Subscribed) "." INBOX
     A> * LIST (… \\Subscribed) "." Fruit.Banana
     A> * LIST (\\NonExistent … \\Subscribed) "." Fruit.Peach
     A> * LIST (… \\Subscribed) "." Vegetable
     A> * LIST (… \\Subscribed) "." Vegetable.Broccoli
     A> A05 OK …
     A: A06 LIST (REMOTE) "" "*" RETURN (SUBSCRIBED)
     A> * LIST (\\HasNoChildren \\Subscribed) "." INBOX
     A> * LIST (\\HasChildren) "." Fruit
     A> * LIST (\\HasNoChildren) "." Fruit.Apple
     A> * LIST (\\HasNoChildren \\Subscribed) "." Fruit.Banana
     A> * LIST (\\HasNoChildren) "." Tofu
     A> * LIST (\\HasChildren \\Subscribed) "." Vegetable
     A> * LIST (\\HasNoChildren \\Subscribed) "." Vegetable.Broccoli
     A> * LIST (\\HasNoChildren) "." Vegetable.Corn
     A> A06 OK …`,
  );
});

test('RFC 5258 §5, example 7: several patterns, a mailbox once', async () => {
  const { A } = await signIn('Drafts Sent.March2004 Sent.December2003 Sent.August2004 Other');
  await transcript(
    { A },
    `A: BBB LIST "" ("INBOX" "Drafts" "Sent.%" "D%")
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * LIST (\\HasNoChildren) "." Drafts
     A> * LIST (\\HasNoChildren) "." Sent.August2004
     A> * LIST (\\HasNoChildren) "." Sent.December2003
     A> * LIST (\\HasNoChildren) "." Sent.March2004
     A> BBB OK …`,
  );
});

test('RFC 5258 §5, example 8: \\HasChildren and CHILDINFO', async () => {
  const { A } = await signIn('Foo Foo.Bar Foo.Baz Moo', 'Foo.Baz');
  await transcript(
    { A },
    `A: CA3 LIST "" "%" RETURN (CHILDREN)
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * LIST (\\HasChildren) "." Foo
     A> * LIST (\\HasNoChildren) "." Moo
     A> CA3 OK …
     A: C02 LIST (SUBSCRIBED) "" "*"
     A> * LIST (\\HasNoChildren \\Subscribed) "." Foo.Baz
     A> C02 OK …
     A: C03 LIST (SUBSCRIBED) "" "%"
     A> C03 OK …
     A: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
     A> * LIST (\\HasChildren) "." Foo ("CHILDINFO" ("SUBSCRIBED"))
     A> C04 OK …
     A: x1 SUBSCRIBE Foo
     A> x1 OK …
     A: C05 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
     A> * LIST (\\HasChildren \\Subscribed) "." Foo ("CHILDINFO" ("SUBSCRIBED"))
     A> C05 OK …
     A: x2 UNSUBSCRIBE Foo
     A> x2 OK …
     A: x3 DELETE Foo
     A> x3 OK …
     A: C06 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
     A> * LIST (\\NonExistent \\HasChildren) "." Foo ("CHILDINFO" ("SUBSCRIBED"))
     A> C06 OK …
     A: x4 CREATE Foo
     A> x4 OK …
     A: x5 UNSUBSCRIBE Foo.Baz
     A> x5 OK …
     A: C07 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
     A> C07 OK …
     A: x6 SUBSCRIBE Foo
     A> x6 OK …
     A: x7 SUBSCRIBE Moo
     A> x7 OK …
     A: C08 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%" RETURN (CHILDREN)
     A> * LIST (\\HasChildren \\Subscribed) "." Foo
     A> * LIST (\\HasNoChildren \\Subscribed) "." Moo
     A> C08 OK …`,
  );
});

test('RFC 5258 §5, example 9: CHILDINFO where a child is not told of, and not where all are', async () => {
  const there = 'foo2 foo2.bar1 foo2.bar2 baz2 baz2.bar2 baz2.bar22 baz2.bar222 eps2 eps2.mamba qux2.bar2';
  const subscribed = 'foo2.bar1 foo2.bar2 baz2.bar2 baz2.bar22 baz2.bar222 eps2 eps2.mamba qux2.bar2';
  const { A } = await signIn(there, subscribed);
  await transcript(
    { A },
    `A: D03 LIST (RECURSIVEMATCH SUBSCRIBED) "" "*2"
     A> * LIST (… \\Subscribed) "." baz2.bar2
     A> * LIST (… \\Subscribed) "." baz2.bar22
     A> * LIST (… \\Subscribed) "." baz2.bar222
     A> * LIST (\\HasChildren \\Subscribed) "." eps2 ("CHILDINFO" ("SUBSCRIBED"))
     A> * LIST (\\HasChildren) "." foo2 ("CHILDINFO" ("SUBSCRIBED"))
     A> * LIST (… \\Subscribed) "." foo2.bar2
     A> * LIST (… \\Subscribed) "." qux2.bar2
     A> D03 OK …
     Where all of them are told of, §3.3 allows no more than CHILDINFO of what is subscribed to itself.
     A: D04 LIST (RECURSIVEMATCH SUBSCRIBED) "" "*"
     A> * LIST (… \\Subscribed) "." baz2.bar2
     A> * LIST (… \\Subscribed) "." baz2.bar22
     A> * LIST (… \\Subscribed) "." baz2.bar222
     A> * LIST (\\HasChildren \\Subscribed) "." eps2 ("CHILDINFO" ("SUBSCRIBED"))
     A> * LIST (… \\Subscribed) "." eps2.mamba
     A> * LIST (… \\Subscribed) "." foo2.bar1
     A> * LIST (… \\Subscribed) "." foo2.bar2
     A> * LIST (… \\Subscribed) "." qux2.bar2
     A> D04 OK …`,
  );
});

test('RFC 5258 §5, examples 10 and 11: CHILDINFO without \\HasChildren, and levels that are no mailboxes', async () => {
  const { A } = await signIn('foo music.rock', 'foo.bar');
  await transcript(
    { A },
    `A: a1 LIST "" ("foo" "foo.*")
     A> * LIST (\\HasNoChildren) "." foo
     A> a1 OK …
     A: a2 LIST (SUBSCRIBED) "" "foo.*"
     A> * LIST (\\NonExistent \\HasNoChildren \\Subscribed) "." foo.bar
     A> a2 OK …
     A: a3 LIST (SUBSCRIBED RECURSIVEMATCH) "" foo RETURN (CHILDREN)
     A> * LIST (\\HasNoChildren) "." foo ("CHILDINFO" ("SUBSCRIBED"))
     A> a3 OK …
     A: b1 LIST (REMOTE) "" *
     A> * LIST (…) "." INBOX
     A> * LIST (…) "." foo
     A> * LIST (\\HasNoChildren) "." music.rock
     A> b1 OK …
     A: b2 LIST () "" m%
     A> * LIST (\\NonExistent \\HasChildren) "." music
     A> b2 OK …
     A: b3 LIST "" (m% music.rock)
     A> * LIST (\\NonExistent \\HasChildren) "." music
     A> * LIST (\\HasNoChildren) "." music.rock
     A> b3 OK …
     A: b4 LIST "" m%
     A> * LIST (\\Noselect \\HasChildren) "." music
     A> b4 OK …
     A: b5 LIST "" music
     A> b5 OK …`,
  );
});

test('what an extended LIST must not be, and empty patterns', async () => {
  const { A } = await signIn('Work');
  await transcript(
    { A },
    `A: a1 LIST (RECURSIVEMATCH) "" "*"
     A> a1 BAD …
     A: a2 LIST (REMOTE RECURSIVEMATCH) "" "*"
     A> a2 BAD …
     A: a3 LIST (NOSUCHTHING) "" "*"
     A> a3 BAD …
     A: a4 LIST "" "*" RETURN (NOSUCHTHING)
     A> a4 BAD …
     A: a5 LIST () "" ""
     A> a5 OK …
     A: a6 LIST "" ("" "Work" "Work")
     A> * LIST (\\HasNoChildren) "." Work
     A> a6 OK …
     A: a7 LIST (SUBSCRIBED SUBSCRIBED) "" "*" RETURN (CHILDREN CHILDREN)
     A> a7 OK …`,
  );
});

test('RFC 9051 §6.3.9.8: the delimiter, and the root of a reference', async () => {
  const { A } = await signIn('');
  await transcript(
    { A },
    `A: A101 LIST "" ""
     A> * LIST (\\Noselect) "." ""
     A> A101 OK …
     A: A102 LIST #news.comp.mail.misc ""
     A> * LIST (\\Noselect) "." #news.
     A> A102 OK …`,
  );
});

test('RFC 3501 §6.3.9: LSUB', async () => {
  const { A } = await signIn('', '#news.comp.mail.mime #news.comp.mail.misc');
  await transcript(
    { A },
    `A: A002 LSUB "#news." "comp.mail.*"
     A> * LSUB () "." #news.comp.mail.mime
     A> * LSUB () "." #news.comp.mail.misc
     A> A002 OK …
     A: A003 LSUB "#news." "comp.%"
     A> * LSUB (\\Noselect) "." #news.comp.mail
     A> A003 OK …
     A: A004 LSUB "" "*"
     A> * LSUB () "." #news.comp.mail.mime
     A> * LSUB () "." #news.comp.mail.misc
     A> A004 OK …
     A: A005 SUBSCRIBE #news.comp.mail
     A> A005 OK …
     A: A006 LSUB "#news." "comp.%"
     A> * LSUB () "." #news.comp.mail
     A> A006 OK …`,
  );
});

test('RFC 6154 §5: special uses in LIST', async () => {
  const { A } = await signIn('ToDo Projects.One');
  await transcript(
    { A },
    `A: c1 CREATE SentMail (USE (\\Sent))
     A> c1 OK …
     A: c2 CREATE MyDrafts (USE (\\drafts))
     A> c2 OK …
     A: c3 CREATE Trash (USE (\\Trash))
     A> c3 OK …
     A: t1 LIST "" "%"
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * LIST (\\HasNoChildren \\Drafts) "." MyDrafts
     A> * LIST (\\Noselect \\HasChildren) "." Projects
     A> * LIST (\\HasNoChildren \\Sent) "." SentMail
     A> * LIST (\\HasNoChildren) "." ToDo
     A> * LIST (\\HasNoChildren \\Trash) "." Trash
     A> t1 OK …
     A: t2 LIST "" "%S%" RETURN (SPECIAL-USE)
     A> * LIST (\\HasNoChildren \\Sent) "." SentMail
     A> t2 OK …
     A: t3 LIST (SPECIAL-USE) "" "*"
     A> * LIST (\\HasNoChildren \\Drafts) "." MyDrafts
     A> * LIST (\\HasNoChildren \\Sent) "." SentMail
     A> * LIST (\\HasNoChildren \\Trash) "." Trash
     A> t3 OK …
     A: t4 CREATE Projects.Two (USE (\\Archive))
     A> t4 OK …
     A: t5 LIST (SPECIAL-USE RECURSIVEMATCH) "" "P%"
     A> * LIST (\\NonExistent \\HasChildren) "." Projects ("CHILDINFO" ("SPECIAL-USE"))
     A> t5 OK …`,
  );
});

test('a mailbox that cannot have children says so', async () => {
  const longest = 'x'.repeat(253); // with the dot before it and a child's after it, one more than a file name can hold
  const { A } = await signIn(longest);
  await transcript(
    { A },
    `A: a1 LIST "" "x*"
     A> * LIST (\\HasNoChildren \\Noinferiors) "." ${longest}
     A> a1 OK …
     A: a2 CREATE ${longest}.y
     A> a2 NO [CANNOT] …`,
  );
});

test('with IMAP4rev2 every LIST tells \\NonExistent', async () => {
  const { A } = await signIn('a.b');
  await transcript(
    { A },
    `A: a1 ENABLE IMAP4rev2
     A>> a1 OK …
     A: a2 LIST "" "a%"
     A> * LIST (\\NonExistent \\HasChildren) "." a
     A> a2 OK …`,
  );
});

test('hostile patterns are answered, and others are served meanwhile', async () => {
  const { A, name } = await signIn('');
  const B = await server.signIn(name);
  const store = await server.openElsewhere(name);
  for (let n = 0; n < 20; n += 1) {
    const mailbox = parseMailboxName(`${'a.b'.repeat(70)}${n}`);
    if (mailbox.ok) await store.create(mailbox.value);
  }
  await store.close();
  const pattern = `${'*%a'.repeat(300)}z`;
  const patterns = Array.from({ length: 60 }, () => `"${pattern}"`).join(' ');
  await transcript({ A, B }, `A: a1 LIST "" (${patterns})\nB: b1 NOOP\nB> b1 OK …\nA> a1 OK …`);
});
