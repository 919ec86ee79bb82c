import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MaildirStore } from '../src/index.ts';
import { encodeUtf7 } from '../src/names/mailbox-name.ts';
import { type DovecotSession, describeWithDovecot, type Fetched, startDovecot } from './dovecot-server.ts';
import { closeQuietly, mail, name, newHome, openInbox, recordsOf, statesOf, textOf, value } from './helpers.ts';

interface Shown {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly messages: readonly Fetched[];
}

async function shownByDovecot(session: DovecotSession, mailbox: string): Promise<Shown> {
  const messages = await session.fetchAll(encodeUtf7(mailbox));
  return { ...(await session.uids(encodeUtf7(mailbox))), messages };
}

async function shownByStore(store: MaildirStore, text: string): Promise<Shown> {
  const mailbox = value(await store.open(name(text)));
  const messages = (await recordsOf(mailbox)).map(({ uid, flags, internalDate, size }) => ({
    uid: Number(uid),
    flags: [...flags].sort(),
    date: Math.floor(internalDate / 1000),
    size,
  }));
  const { uidValidity, uidNext } = mailbox;
  await mailbox.close();
  return { uidValidity: Number(uidValidity), uidNext, messages };
}

const MAILBOXES = ['INBOX', 'Entwürfe.2026', '台北.R&D', 'Sent'];

/** Mailboxes with holes in their UIDs, flags and keywords. */
async function fill(session: DovecotSession): Promise<void> {
  for (const mailbox of MAILBOXES.slice(1)) await session.command(`CREATE "${encodeUtf7(mailbox)}"`);
  for (const mailbox of ['INBOX', 'Entwürfe.2026']) {
    await session.command(`SUBSCRIBE "${encodeUtf7(mailbox)}"`);
  }
  const flags = ['', '\\Seen work', '\\Flagged \\Answered', '$Forwarded', '\\Draft work $Junk', '\\Deleted'];
  for (const [at, mailbox] of MAILBOXES.entries()) {
    const encoded = encodeUtf7(mailbox);
    for (let n = 0; n < 8 + at; n += 1) await session.append(encoded, `${mailbox} ${n}`, flags[n % flags.length]);
    await session.command(`SELECT "${encoded}"`);
    await session.command('UID STORE 2,8 +FLAGS (\\Deleted)');
    await session.command('EXPUNGE');
    await session.command('UID STORE 3 +FLAGS (later)');
  }
}

describeWithDovecot('Dovecot', () => {
  test('a Maildir that Dovecot kept opens as its clients know it, and goes back to Dovecot as ours do', async () => {
    const home = newHome();
    const dovecot = await startDovecot(home.maildir);
    const session = await dovecot.session();
    await fill(session);
    const before = new Map<string, Shown>();
    for (const mailbox of MAILBOXES) before.set(mailbox, await shownByDovecot(session, mailbox));
    await session.close();
    await dovecot.stop();

    const store = await home.store();
    expect(value(await store.subscriptions())).toEqual(['Entwürfe.2026', 'INBOX']);
    expect(value(await store.list()).flatMap((one) => (one.selectable ? [one.name] : []))).toEqual(
      ['INBOX', ...MAILBOXES.slice(1)].sort((a, b) => (a === 'INBOX' ? -1 : b === 'INBOX' ? 1 : a < b ? -1 : 1)),
    );
    for (const mailbox of MAILBOXES) expect(await shownByStore(store, mailbox), mailbox).toEqual(before.get(mailbox));
    expect(new Set([...before.values()].map(({ uidValidity }) => uidValidity)).size).toBeGreaterThan(1);

    await work(store);
    const mailboxes = ['INBOX', 'Entwürfe.2026', 'Taipei.R&D', 'Sent', 'Neu ☃'];
    const exported = value(await store.exportForDovecot());
    expect(exported.mailboxes).toBe(mailboxes.length);
    expect(exported.keywordsLeft).toEqual([]);
    const ours = new Map<string, Shown>();
    for (const mailbox of mailboxes) ours.set(mailbox, await shownByStore(store, mailbox));
    await closeQuietly(store);
    for (const entry of readdirSync(home.maildir, { recursive: true, encoding: 'utf8' })) {
      if (/(^|\/)dovecot\.(index|list)/.test(entry)) rmSync(join(home.maildir, entry));
    }

    const again = await (await startDovecot(home.maildir)).session();
    for (const mailbox of mailboxes) expect(await shownByDovecot(again, mailbox), mailbox).toEqual(ours.get(mailbox));
    const subscribed = (await again.command('LSUB "" "*"')).join('\n');
    for (const mailbox of ['INBOX', 'Entwürfe.2026', 'Neu ☃']) expect(subscribed).toContain(encodeUtf7(mailbox));
    await again.close();
  });

  test('Dovecot and this store on one Maildir at the same time lose and double nothing', async () => {
    const home = newHome();
    const dovecot = await startDovecot(home.maildir);
    const session = await dovecot.session();
    const store = await home.store();
    const inbox = await openInbox(store);
    const wanted = new Set<string>();
    const until = performance.now() + 3_000;
    const goesOn = (n: number): boolean => n < 10 || performance.now() < until;
    const theirs = async (): Promise<void> => {
      for (let n = 0; goesOn(n); n += 1) {
        const uid = await session.append('INBOX', `theirs ${n}`);
        wanted.add(`theirs ${n}`);
        await session.command('SELECT INBOX');
        await session.command(`UID STORE ${uid} +FLAGS (\\Seen theirs)`);
        if (n % 5 !== 4) continue;
        await session.command(`UID STORE ${uid} +FLAGS (\\Deleted)`);
        await session.command(`UID EXPUNGE ${uid}`);
        wanted.delete(`theirs ${n}`);
      }
    };
    const ours = async (): Promise<void> => {
      for (let n = 0; goesOn(n); n += 1) {
        const { uid } = value(
          await inbox.append({ content: mail(`ours ${n}`), flags: n % 2 === 0 ? [] : ['\\Flagged'] }),
        );
        wanted.add(`ours ${n}`);
        value(await inbox.store([uid], { operation: 'add', flags: ['\\Seen', 'ours'] }));
        if (n % 5 !== 4) continue;
        value(await inbox.store([uid], { operation: 'add', flags: ['\\Deleted'] }));
        value(await inbox.expunge([uid]));
        wanted.delete(`ours ${n}`);
      }
    };
    await Promise.all([theirs(), ours()]);
    value(await inbox.refresh());
    const expected = [...wanted].sort();
    const seen: string[] = [];
    for (const state of statesOf(inbox)) {
      const subject = /^Subject: (.*)\r$/m.exec(await textOf(inbox, state))?.[1] ?? '';
      seen.push(subject);
      expect([...state.flags], subject).toContain('\\Seen');
      expect([...state.flags], subject).toContain(subject.split(' ')[0]);
    }
    expect(seen.sort()).toEqual(expected);
    expect([...(await session.subjects('INBOX'))].sort()).toEqual(expected);
    await session.close();
  });
});

/** What a user does in a day. */
async function work(store: MaildirStore): Promise<void> {
  const inbox = await openInbox(store);
  value(
    await inbox.append({ content: mail('new'), flags: ['\\Seen', 'work', 'ours'], internalDate: 1_500_000_000_000 }),
  );
  value(await store.append(name('Sent'), { content: Buffer.from('Subject: bare\n\nLines.\n') }));
  const [first, second, third] = statesOf(inbox).map(({ uid }) => uid);
  if (first === undefined || second === undefined || third === undefined) throw new Error('Messages are missing.');
  value(await inbox.store([first], { operation: 'add', flags: ['\\Flagged', 'third'] }));
  value(await inbox.store([second], { operation: 'remove', flags: ['\\Flagged', 'later'] }));
  value(await inbox.store([third], { operation: 'add', flags: ['\\Deleted'] }));
  value(await inbox.expunge());
  await inbox.close();
  value(await store.create(name('Neu ☃')));
  value(await store.subscribe(name('Neu ☃'), true));
  const fresh = value(await store.open(name('Neu ☃')));
  for (const flags of [['\\Deleted'], ['work'], []])
    value(await fresh.append({ content: mail('in a new one'), flags }));
  value(await fresh.expunge());
  await fresh.close();
  value(await store.rename(name('台北'), name('Taipei')));
}
