/**
 * CREATE, DELETE, RENAME, SUBSCRIBE and STATUS: the dialogues that RFC 9051 §6.3, RFC 6154 §5.3, RFC 7889 §3, RFC 8438 §3 and
 * RFC 8474 §4 print, with the delimiter of Maildir++, and the response codes of refusals (RFC 5530).
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SUBSCRIPTIONS } from '../../src/limits.ts';
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

/** A new user's session with these mailboxes. */
async function signIn(mailboxes = ''): Promise<{ readonly A: Client; readonly name: string }> {
  user += 1;
  const name = `maker${user}`;
  const A = await server.signIn(name);
  for (const mailbox of mailboxes.split(' ').filter(Boolean)) await A.ok(`CREATE ${mailbox}`);
  return { A, name };
}

test('RFC 9051 §6.3.4: CREATE, with and without the delimiter at the end', async () => {
  const { A } = await signIn();
  await transcript(
    { A },
    `A: A003 CREATE owatagusiam.
     A> A003 OK [MAILBOXID (…)] …
     A: A004 CREATE owatagusiam.blurdybloop
     A> A004 OK [MAILBOXID (…)] …
     A: A005 LIST "" "*"
     A> * LIST (…) "." INBOX
     A> * LIST (\\HasChildren) "." owatagusiam
     A> * LIST (…) "." owatagusiam.blurdybloop
     A> A005 OK …`,
  );
});

test('RFC 9051 §6.3.5: DELETE leaves what is below', async () => {
  const { A } = await signIn('blurdybloop foo.bar');
  await transcript(
    { A },
    `A: A683 DELETE blurdybloop
     A> A683 OK …
     A: A684 DELETE foo
     A> A684 NO [HASCHILDREN] …
     A: A685 DELETE foo.bar
     A> A685 OK …
     A: A686 LIST "" *
     A> * LIST (…) "." INBOX
     A> A686 OK …
     A: A687 DELETE foo
     A> A687 NO [NONEXISTENT] …`,
  );
});

test('RFC 9051 §6.3.5: DELETE of a mailbox with children leaves a level', async () => {
  const { A } = await signIn('blurdybloop foo foo.bar');
  await transcript(
    { A },
    `A: A83 DELETE blurdybloop
     A> A83 OK …
     A: A84 DELETE foo
     A> A84 OK …
     A: A85 LIST "" *
     A> * LIST (…) "." INBOX
     A> * LIST (\\HasNoChildren) "." foo.bar
     A> A85 OK …
     A: A86 LIST "" f%
     A> * LIST (\\Noselect \\HasChildren) "." foo
     A> A86 OK …`,
  );
});

test('RFC 9051 §6.3.6: RENAME takes along what is below, INBOX stays', async () => {
  const { A } = await signIn('blurdybloop foo.bar INBOX.bar');
  await A.append('INBOX', 'x\r\n');
  await transcript(
    { A },
    `A: A683 RENAME blurdybloop sarasoop
     A> A683 OK …
     A: A684 RENAME foo zowie
     A> A684 OK …
     A: Z433 RENAME INBOX old-mail
     A> Z433 OK …
     A: Z434 LIST "" *
     A> * LIST (\\HasChildren) "." INBOX
     A> * LIST (\\HasNoChildren) "." INBOX.bar
     A> * LIST (\\HasNoChildren) "." old-mail
     A> * LIST (\\HasNoChildren) "." sarasoop
     A> * LIST (\\HasNoChildren) "." zowie.bar
     A> Z434 OK …
     A: Z435 LIST "" "" RETURN (STATUS (MESSAGES))
     A> Z435 OK …
     A: Z436 LIST "" (INBOX old-mail) RETURN (STATUS (MESSAGES))
     A> * LIST (…) "." INBOX
     A> * STATUS INBOX (MESSAGES 0)
     A> * LIST (…) "." old-mail
     A> * STATUS old-mail (MESSAGES 1)
     A> Z436 OK …`,
  );
});

test('RFC 5530 §3: why a change of mailboxes is refused', async () => {
  const { A } = await signIn('this that some.thing');
  await transcript(
    { A },
    `A: l create "///////"
     A> l NO [CANNOT] …
     A: o RENAME this that
     A> o NO [ALREADYEXISTS] …
     A: p RENAME neither nor
     A> p NO [NONEXISTENT] …
     A: q RENAME this this.below
     A> q NO [CANNOT] …
     A: r RENAME this INBOX
     A> r NO [ALREADYEXISTS] …
     A: s RENAME some that
     A> s NO [ALREADYEXISTS] …
     A: t CREATE INBOX
     A> t NO [ALREADYEXISTS] …
     A: u DELETE inbox
     A> u NO [CANNOT] …
     A: v DELETE nowhere
     A> v NO [NONEXISTENT] …
     A: w CREATE a..b
     A> w NO [CANNOT] …
     A: x STATUS nowhere (MESSAGES)
     A> x NO [NONEXISTENT] …
     A: y STATUS some (MESSAGES)
     A> y NO [NONEXISTENT] …`,
  );
});

test('a session that renames or deletes the mailbox it has selected leaves it', async () => {
  const { A } = await signIn('one one.below');
  await transcript(
    { A },
    `A: a1 SELECT one.below
     A>> a1 OK …
     A: a2 RENAME one two
     A>> a2 OK …
     A: a3 CHECK
     A> a3 BAD …
     A: a4 SELECT two.below
     A>> a4 OK …
     A: a5 DELETE two.below
     A>> a5 OK …
     A: a6 CHECK
     A> a6 BAD …`,
  );
});

test('RFC 9051 §6.3.7: a name can be subscribed to before and after there is a mailbox', async () => {
  const { A } = await signIn();
  await transcript(
    { A },
    `A: A001 SUBSCRIBE #news.comp.mail.mime
     A> A001 OK …
     A: A002 SUBSCRIBE #news.comp.mail.mime
     A> A002 OK …
     A: A003 CREATE #news.comp.mail.mime
     A> A003 OK …
     A: A004 DELETE #news.comp.mail.mime
     A> A004 OK …
     A: A005 LSUB "" "*"
     A> * LSUB () "." #news.comp.mail.mime
     A> A005 OK …
     A: A006 UNSUBSCRIBE #news.comp.mail.mime
     A> A006 OK …
     A: A007 UNSUBSCRIBE #news.comp.mail.mime
     A> A007 OK …
     A: A008 LSUB "" "*"
     A> A008 OK …`,
  );
});

test('names beyond the limit cannot be subscribed to', async () => {
  const { A, name } = await signIn();
  const names = Array.from({ length: SUBSCRIPTIONS }, (_, n) => `name${n}`);
  await writeFile(join(server.maildir(name), 'subscriptions'), `${names.join('\n')}\n`);
  await transcript(
    { A },
    `A: a1 SUBSCRIBE another
     A> a1 NO [LIMIT] …
     A: a2 SUBSCRIBE name7
     A> a2 OK …
     A: a3 UNSUBSCRIBE name7
     A> a3 OK …
     A: a4 SUBSCRIBE another
     A> a4 OK …`,
  );
});

test('RFC 6154 §5.3: CREATE with special uses; a use goes to the newest mailbox', async () => {
  const { A } = await signIn();
  await transcript(
    { A },
    `A: t2 CREATE MySpecial (USE (\\Drafts \\Sent))
     A> t2 OK [MAILBOXID (…)] …
     A: t3 CREATE Everything (USE (\\All))
     A> t3 NO [USEATTR] …
     A: t4 CREATE Nothing (USE ())
     A> t4 OK …
     A: t5 CREATE Newer (USE (\\SENT))
     A> t5 OK …
     A: t6 LIST "" "*" RETURN (SPECIAL-USE)
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * LIST (\\HasNoChildren \\Drafts) "." MySpecial
     A> * LIST (\\HasNoChildren \\Sent) "." Newer
     A> * LIST (\\HasNoChildren) "." Nothing
     A> t6 OK …
     A: t7 CREATE INBOX (USE (\\Trash))
     A> t7 NO [ALREADYEXISTS] …
     A: t8 RENAME Newer Renamed
     A> t8 OK …
     A: t9 LIST (SPECIAL-USE) "" "R*"
     A> * LIST (\\HasNoChildren \\Sent) "." Renamed
     A> t9 OK …`,
  );
});

test('RFC 7889 §2, §3: APPENDLIMIT in CAPABILITY, STATUS and LIST', async () => {
  const { A } = await signIn();
  await transcript(
    { A },
    `A: t0 CAPABILITY
     A> * CAPABILITY IMAP4rev1 … APPENDLIMIT=268435456…
     A> t0 OK …
     A: t1 STATUS INBOX (APPENDLIMIT)
     A> * STATUS INBOX (APPENDLIMIT 268435456)
     A> t1 OK …
     A: t2 LIST "" % RETURN (STATUS (APPENDLIMIT))
     A> * LIST (…) "." INBOX
     A> * STATUS INBOX (APPENDLIMIT 268435456)
     A> t2 OK …`,
  );
});

test('RFC 9051 §6.3.11, RFC 8438 §3: STATUS, with sizes as FETCH tells them', async () => {
  const { A } = await signIn('frop');
  await A.append('frop', 'one\n');
  await A.append('frop', 'two\r\n', '(\\Deleted \\Seen) ');
  await transcript(
    { A },
    `A: A01 STATUS frop (MESSAGES SIZE UIDNEXT)
     A> * STATUS frop (MESSAGES 2 SIZE 10 UIDNEXT 3)
     A> A01 OK …
     A: A02 STATUS frop (DELETED UNSEEN RECENT)
     A> * STATUS frop (DELETED 1 UNSEEN 1 RECENT 2)
     A> A02 OK …
     A: A04 LIST "" f% RETURN (STATUS (MESSAGES SIZE))
     A> * LIST (\\HasNoChildren) "." frop
     A> * STATUS frop (MESSAGES 2 SIZE 10)
     A> A04 OK …
     A: A05 SELECT frop
     A>> A05 OK …
     A: A06 FETCH 1:2 (RFC822.SIZE)
     A> * 1 FETCH (RFC822.SIZE 5)
     A> * 2 FETCH (RFC822.SIZE 5)
     A> A06 OK …
     The mailbox that is selected may be asked about as well.
     A: A07 STATUS frop (MESSAGES)
     A> * STATUS frop (MESSAGES 2)
     A> A07 OK …`,
  );
});

test('STATUS (HIGHESTMODSEQ) switches CONDSTORE on (RFC 7162 §3.1)', async () => {
  const { A } = await signIn();
  await A.append('INBOX', 'x\r\n');
  await transcript(
    { A },
    `A: a1 SELECT INBOX
     A>> a1 OK …
     A: a2 STORE 1 +FLAGS (\\Seen)
     A> * 1 FETCH (FLAGS (…))
     A> a2 OK …`,
  );
  // With a mailbox selected, the client is told where it starts from; once.
  const start = expect.stringMatching(/^\* OK \[HIGHESTMODSEQ \d+\]/);
  expect(await A.ok('STATUS INBOX (HIGHESTMODSEQ)')).toContainEqual(start);
  expect(await A.ok('LIST "" INBOX RETURN (STATUS (HIGHESTMODSEQ))')).not.toContainEqual(start);
  await transcript(
    { A },
    `A: a5 STORE 1 +FLAGS (\\Flagged)
     A> * 1 FETCH (…MODSEQ (…)…)
     A> a5 OK …`,
  );
});

test('RFC 8474 §4: a MAILBOXID stays with the mailbox', async () => {
  const { A } = await signIn();
  const idOf = async (command: string) =>
    /\[MAILBOXID \(([\w-]+)\)\]/.exec((await A.command(command)).result)?.[1] ?? 'none';
  const [foo, bar] = [await idOf('create foo'), await idOf('create bar')];
  expect(foo).not.toBe(bar);
  await transcript(
    { A },
    `A: 5 create foo
     A> 5 NO [ALREADYEXISTS] …
     A: 6 status foo (mailboxid)
     A> * STATUS foo (MAILBOXID (${foo}))
     A> 6 OK …
     A: 7 status bar (mailboxid)
     A> * STATUS bar (MAILBOXID (${bar}))
     A> 7 OK …
     A: 8 rename foo renamed
     A> 8 OK …
     A: 9 status renamed (mailboxid)
     A> * STATUS renamed (MAILBOXID (${foo}))
     A> 9 OK …
     A: 10 status bar (mailboxid)
     A> * STATUS bar (MAILBOXID (${bar}))
     A> 10 OK …
     A: 11 list "" "*" return (status (mailboxid))
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * STATUS INBOX (MAILBOXID (…))
     A> * LIST (\\HasNoChildren) "." bar
     A> * STATUS bar (MAILBOXID (${bar}))
     A> * LIST (\\HasNoChildren) "." renamed
     A> * STATUS renamed (MAILBOXID (${foo}))
     A> 11 OK …
     A: 27 select renamed
     A>> * OK [MAILBOXID (${foo})] …
     A>> 27 OK …`,
  );
});
