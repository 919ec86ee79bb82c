import { mkdirSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { INBOX, parseMailboxName, textWorker, type Uid } from '../../src/index.ts';
import { CHUNK, TEXT_ABOVE, TEXT_BODY, TEXT_HANDLES, TEXT_WHOLE_FILE } from '../../src/limits.ts';
import { TextIndexer } from '../../src/text/indexer.ts';
import { Child, closeQuietly, mail, newHome, openInbox, value } from '../helpers.ts';
import { crlf, found, indexedInInbox, putFiles, reads, type Scope, textStore } from './support.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Messages whose texts are hidden in every way that mail has. */
const ENCODED = [
  `Subject: =?utf-8?B?${base64(Buffer.from('Grüße aus Köln'))}?=\nFrom: Anna <anna@example.org>\n\nplain body\n`,
  `Subject: two\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${base64(Buffer.from('Ein Läufer läuft'))}\n`,
  'Subject: three\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nStra=DFe soft=\nbreak\n',
  'Subject: four\nContent-Type: text/plain; charset=iso-2022-jp\n\n\x1b$BF|K\\8l\x1b(B desu\n',
  `Subject: five\nContent-Type: text/plain; charset=utf-8\n\n${Buffer.from('Crème brûlée'.normalize('NFD')).toString('latin1')}\n`,
  "Subject: six\nContent-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht.pdf\n\nx\n",
  'Subject: seven\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nend of one\n--b\nContent-Type: text/html; name=Part.html\n\nstart of two\n--b--\n',
].map(crlf);

describe('findText', () => {
  it('finds three characters by the trigrams alone, but not where header and body meet', async () => {
    const home = newHome();
    putFiles(home, [crlf('Subject: one\n\nabc'), crlf('Subject: abc\n\nother')]);
    const { store } = await textStore(home);
    value(await store.buildTextIndex());
    const inbox = await openInbox(store);
    expect(await found(inbox, 'ABC')).toEqual({ hits: [1, 2], unindexed: [] });
    expect(await found(inbox, 'abc', 'body')).toEqual({ hits: [1], unindexed: [] });
    expect(await found(inbox, '\n\na')).toEqual({ hits: [], unindexed: [] });
  });

  it('finds what is hidden by encodings, in the scope that was asked for', async () => {
    const home = newHome();
    putFiles(home, ENCODED);
    const { store } = await textStore(home);
    const status = value(await store.buildTextIndex());
    expect(status.mailboxes).toMatchObject([{ name: 'INBOX', messages: 7, indexed: 7 }]);
    expect(status.bytes).toBeGreaterThan(0);
    const inbox = await openInbox(store);
    const cases: readonly (readonly [string, Scope, readonly number[]])[] = [
      ['GRÜSSE', 'text', []],
      ['grüße', 'text', [1]],
      ['grüße', 'body', []],
      ['grüße', { header: 'subject' }, [1]],
      ['grüße', { header: 'From' }, []],
      ['Subject: Grü', 'text', [1]],
      ['LÄUFER', 'body', [2]],
      ['straße softbreak', 'body', [3]],
      ['日本', 'body', [4]],
      ['日', 'text', [4]],
      ['crème', 'body', [5]],
      ['crème'.normalize('NFD'), 'body', [5]],
      ['creme', 'body', []],
      ['übersicht', { header: 'Content-Disposition' }, [6]],
      ['end of onestart', 'text', []],
      ['part.html', 'text', [7]],
      ['part.html', 'body', []],
      ['x', 'body', [6]],
      ['lä', 'body', [2]],
      ['', 'body', [1, 2, 3, 4, 5, 6, 7]],
      ['', { header: 'from' }, [1]],
      ['anna@', { header: 'fro' }, []],
    ];
    for (const [text, scope, hits] of cases) {
      expect({ text, scope, ...(await found(inbox, text, scope)) }).toEqual({ text, scope, hits, unindexed: [] });
      const read = ENCODED.flatMap((message, i) => (reads(Buffer.from(message, 'latin1'), text, scope) ? [i + 1] : []));
      expect({ text, scope, hits: read }).toEqual({ text, scope, hits });
    }
  });

  it('speaks only of the messages that were asked for, and that there are', async () => {
    const home = newHome();
    putFiles(home, [mail('one'), mail('one two'), mail('two')]);
    const { store } = await textStore(home);
    value(await store.buildTextIndex());
    const inbox = await openInbox(store);
    const [first, second] = [...inbox.uids()];
    const uids = [second, first, second, 99].flatMap((uid) => (uid === undefined ? [] : [uid as Uid])); // any number may be asked for
    expect(await found(inbox, 'one', 'text', uids)).toEqual({ hits: [1, 2], unindexed: [] });
    expect(await found(inbox, 'two', 'text', uids)).toEqual({ hits: [2], unindexed: [] });
    value(await store.append(INBOX, { content: mail('one again') }));
    expect(await found(inbox, 'one')).toEqual({ hits: [1, 2], unindexed: [4] });
    value(await inbox.store(uids.slice(0, 1), { operation: 'add', flags: ['\\Deleted'] }));
    value(await inbox.expunge());
    expect(await found(inbox, 'two')).toEqual({ hits: [3], unindexed: [4] });
    value(await store.buildTextIndex());
    expect(await found(inbox, 'one')).toEqual({ hits: [1, 4], unindexed: [] });
    expect(await indexedInInbox(store)).toBe(3);
  });

  it('leaves every message to be read where there is no text index', async () => {
    const home = newHome();
    putFiles(home, [mail('one'), mail('two')]);
    const store = await home.store();
    const inbox = await openInbox(store);
    expect(await found(inbox, 'one')).toEqual({ hits: [], unindexed: [1, 2] });
    expect(value(await store.textIndex())).toMatchObject({ mailboxes: [{ messages: 2, indexed: 0 }], bytes: 0 });
    expect(await store.buildTextIndex()).toMatchObject({ ok: false, error: { code: 'not-permitted' } });
  });

  it('cannot say no of a text that was cut', async () => {
    const home = newHome();
    const long = `Subject: long\r\n\r\nbeginning ${'lorem ipsum '.repeat(TEXT_BODY / 12)} ending`;
    putFiles(home, [long, mail('short')]);
    const { store } = await textStore(home);
    value(await store.buildTextIndex());
    const inbox = await openInbox(store);
    expect(await found(inbox, 'beginning')).toEqual({ hits: [1], unindexed: [] });
    expect(await found(inbox, 'ending')).toEqual({ hits: [], unindexed: [1] });
    expect(await found(inbox, 'long', { header: 'subject' })).toEqual({ hits: [1], unindexed: [] });
    expect(await found(inbox, 'ending', { header: 'subject' })).toEqual({ hits: [], unindexed: [] });
  });

  it('reads large files in chunks, of either line ends', async () => {
    const home = newHome();
    const attachment = `--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n${'QUJD\n'.repeat(400_000)}`;
    const message = `Subject: big\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n${attachment}\n--b\n\nline\nlast\n--b--\n`;
    putFiles(home, [message, crlf(message)]);
    const { store } = await textStore(home);
    value(await store.buildTextIndex());
    const inbox = await openInbox(store);
    for (const text of ['first', 'line\r\nlast', 'big']) {
      expect({ text, ...(await found(inbox, text)) }).toEqual({ text, hits: [1, 2], unindexed: [] });
    }
    expect(await found(inbox, 'QUJD')).toEqual({ hits: [], unindexed: [] });
  });

  it('sees a line end that two chunks share as one', async () => {
    const home = newHome();
    const header = 'Subject: long lines\r\n\r\n';
    const line = 'x'.repeat(CHUNK - 1 - header.length); // CR is the last octet of the first chunk
    putFiles(home, [`${header}${line}\r\nnext\r\n${' '.repeat(TEXT_WHOLE_FILE)}`]);
    const { store } = await textStore(home);
    value(await store.buildTextIndex());
    expect((await found(await openInbox(store), 'x\r\nnext')).hits).toEqual([1]);
  });

  it('ends when its signal does', async () => {
    const home = newHome();
    putFiles(home, [mail('one')]);
    const { store } = await textStore(home);
    const inbox = await openInbox(store);
    const reason = new Error('enough');
    await expect(inbox.findText('one', 'text', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const stop = new AbortController();
    const building = store.buildTextIndex(stop.signal);
    stop.abort(reason);
    await expect(building).rejects.toBe(reason);
    expect(value(await store.buildTextIndex()).mailboxes).toMatchObject([{ indexed: 1 }]);
  });
});

describe('the text index', () => {
  it('is built in the background of a large mailbox, and follows it', async () => {
    const home = newHome();
    putFiles(
      home,
      Array.from({ length: TEXT_ABOVE + 1 }, (_, i) => mail(`number ${i}`)),
    );
    const { store } = await textStore(home);
    const inbox = await openInbox(store);
    const all = TEXT_ABOVE + 1;
    await expect.poll(() => indexedInInbox(store), { timeout: 20_000 }).toBe(all);
    value(await inbox.append({ content: mail('the latest') }));
    await expect.poll(() => indexedInInbox(store), { timeout: 20_000 }).toBe(all + 1);
    expect(await found(inbox, 'the latest')).toEqual({ hits: [all + 1], unindexed: [] });
  });

  it('is not built in the background of a small one', async () => {
    const home = newHome();
    putFiles(home, [mail('one')]);
    const { store } = await textStore(home);
    const inbox = await openInbox(store);
    expect(await found(inbox, 'one')).toEqual({ hits: [], unindexed: [1] });
    expect(value(await store.textIndex()).bytes).toBe(0);
  });

  it('finds the file of a message that was renamed behind the index', async () => {
    const home = newHome();
    putFiles(home, [mail('moves'), mail('stays'), mail('goes')]);
    const store = await home.store();
    const inbox = await openInbox(store);
    const mailbox = { id: 1, objectId: inbox.mailboxId, uidValidity: inbox.uidValidity };
    await closeQuietly(store);
    const [moves = '', , goes = ''] = readdirSync(join(home.maildir, 'cur')).sort();
    renameSync(join(home.maildir, 'cur', moves), join(home.maildir, 'new', moves));
    rmSync(join(home.maildir, 'cur', goes));
    const place = { ...home, textFile: join(dirname(home.indexFile), 'text.db') };
    const indexer = new TextIndexer({ log: () => undefined, clock: Date.now, builder: 'test' });
    const { signal } = new AbortController();
    await indexer.build(place, undefined, signal);
    const { hits, unindexed } = await indexer.find(
      place,
      { mailbox, text: 'e', scope: 'text', uids: undefined },
      signal,
    );
    await indexer.stop();
    expect([[...hits], [...unindexed]]).toEqual([[1, 2], [3]]);
  });

  it.each([
    [
      'is damaged',
      (file: string) => writeFileSync(file, 'no database at all, but long enough to be taken for a header'),
    ],
    ['was cut', (file: string) => truncateSync(file, 5_000)],
    [
      'is of another version',
      (file: string) => {
        const db = new DatabaseSync(file);
        db.exec('PRAGMA user_version = 99');
        db.close();
      },
    ],
    [
      'was decoded by an older version',
      (file: string) => {
        const db = new DatabaseSync(file);
        db.exec('PRAGMA user_version = 1');
        db.close();
      },
    ],
    ['is gone', (file: string) => rmSync(file)],
  ])('that %s is removed and built anew', async (what, spoil) => {
    const home = newHome();
    putFiles(home, ENCODED);
    const first = await textStore(home);
    value(await first.store.buildTextIndex());
    await closeQuietly(first.store);
    spoil(join(dirname(home.indexFile), 'text.db'));
    const { store, said } = await textStore(home);
    const inbox = await openInbox(store);
    expect(await found(inbox, 'läufer')).toEqual({ hits: [], unindexed: [1, 2, 3, 4, 5, 6, 7] });
    value(await store.buildTextIndex());
    expect(await found(inbox, 'läufer')).toEqual({ hits: [2], unindexed: [] });
    expect(said.map(({ code }) => code)).toEqual(what === 'is gone' ? [] : ['text-index-removed']);
  });

  it('that is removed while it is open is built anew', async () => {
    const home = newHome();
    putFiles(home, ENCODED);
    const { store } = await textStore(home);
    value(await store.buildTextIndex());
    const inbox = await openInbox(store);
    for (const end of ['-wal', '-shm', '']) rmSync(join(dirname(home.indexFile), `text.db${end}`), { force: true });
    expect((await found(inbox, 'läufer')).hits).toEqual([]);
    value(await store.buildTextIndex());
    expect(await found(inbox, 'läufer')).toEqual({ hits: [2], unindexed: [] });
  });

  it('of an index that was lost counts as absent: its UIDs are others', async () => {
    const home = newHome();
    putFiles(home, [mail('first'), mail('second')]);
    const before = await textStore(home);
    value(await before.store.buildTextIndex());
    await closeQuietly(before.store);
    for (const end of ['', '-wal', '-shm', '.copy']) rmSync(home.indexFile + end, { force: true });
    rmSync(join(home.maildir, 'cur', '1000000.M1P1.host:2,'));
    const { store } = await textStore(home);
    const inbox = await openInbox(store);
    expect(await found(inbox, 'first')).toEqual({ hits: [], unindexed: [1] });
    value(await store.buildTextIndex());
    expect(await found(inbox, 'first')).toEqual({ hits: [], unindexed: [] });
    expect(await found(inbox, 'second')).toEqual({ hits: [1], unindexed: [] });
  });

  it('forgets a mailbox that was deleted', async () => {
    const home = newHome();
    mkdirSync(home.maildir, { recursive: true });
    const { store } = await textStore(home);
    const gone = value(parseMailboxName('gone'));
    value(await store.create(gone));
    value(await store.append(gone, { content: mail('lost words') }));
    value(await store.buildTextIndex());
    value(await store.delete(gone));
    value(await store.create(gone));
    value(await store.append(gone, { content: mail('other words') }));
    const mailbox = value(await store.open(gone));
    expect((await found(mailbox, 'lost')).hits).toEqual([]);
    value(await store.buildTextIndex());
    expect(await found(mailbox, 'lost')).toEqual({ hits: [], unindexed: [] });
    expect(await found(mailbox, 'words')).toEqual({ hits: [1], unindexed: [] });
  });

  it('outlives its thread, whose death in the middle of a build is said', async () => {
    const home = newHome();
    const messages = Array.from({ length: 300 }, (_, i) => mail(`number ${i}`));
    putFiles(home, messages);
    const places = ['text.db', 'died'].map((file) => JSON.stringify(join(dirname(home.indexFile), file)));
    const dying = JSON.stringify(new URL('../programs/dying-text-worker.ts', import.meta.url));
    const program = join(dirname(home.indexFile), 'program.mjs');
    writeFileSync(program, `import { dieOnce } from ${dying};\ndieOnce(${places.join(', ')});\n`);
    const { store, said } = await textStore(home, pathToFileURL(program));
    expect(await store.buildTextIndex()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(said.map(({ code }) => code)).toContain('text-index-failed');
    const inbox = await openInbox(store);
    const some = (await found(inbox, 'number')).hits.length;
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(messages.length);
    value(await store.buildTextIndex()); // waits for the dead thread's lease to run out
    expect((await found(inbox, 'number')).hits).toHaveLength(messages.length);
  });

  it('answers searches while it is being built', async () => {
    const home = newHome();
    putFiles(
      home,
      Array.from({ length: 1_000 }, (_, i) => mail(`number ${i}`)),
    );
    const { store } = await textStore(home);
    const inbox = await openInbox(store);
    const order: string[] = [];
    const building = store.buildTextIndex().then(() => order.push('built'));
    await expect.poll(() => indexedInInbox(store), { interval: 1, timeout: 20_000 }).toBeGreaterThan(0);
    order.push((await found(inbox, 'number')).unindexed.length > 0 ? 'found some' : 'found all');
    await building;
    expect(order).toEqual(['found some', 'built']);
  });

  it('of a store that is closed while it is built is left as it is', async () => {
    const home = newHome();
    putFiles(
      home,
      Array.from({ length: 300 }, (_, i) => mail(`number ${i}`)),
    );
    const { store } = await textStore(home);
    const building = store.buildTextIndex();
    await expect.poll(() => indexedInInbox(store), { interval: 1, timeout: 20_000 }).toBeGreaterThan(0);
    await closeQuietly(store);
    expect(await building).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    const again = await textStore(home);
    expect(value(await again.store.buildTextIndex()).mailboxes).toMatchObject([{ indexed: 300 }]);
  });

  it('is nobody else’s to read', async () => {
    const home = newHome();
    putFiles(home, [mail('one')]);
    const { store } = await textStore(home);
    value(await store.buildTextIndex());
    expect(statSync(join(dirname(home.indexFile), 'text.db')).mode & 0o777).toBe(0o600);
  });

  it('of many users is served by one thread', async () => {
    const text = textWorker();
    onTestFinished(() => text.close());
    const users = await Promise.all(
      Array.from({ length: TEXT_HANDLES + 4 }, async (_, i) => {
        const home = newHome();
        putFiles(home, [mail(`of user ${i}.`)]);
        return home.store({ text });
      }),
    );
    for (const store of users) value(await store.buildTextIndex());
    for (const [i, store] of users.entries()) {
      const inbox = await openInbox(store);
      expect(await found(inbox, `of user ${i}.`)).toEqual({ hits: [1], unindexed: [] });
    }
  });

  it('is built by several processes at once, each message once', async () => {
    const home = newHome();
    putFiles(
      home,
      Array.from({ length: 300 }, (_, i) => mail(`number ${i}`)),
    );
    value(await (await home.store()).status(INBOX));
    const children = [1, 2].map(() => new Child('text-builder.ts', [home.maildir, home.indexFile]));
    const { store } = await textStore(home);
    const own = store.buildTextIndex();
    for (const child of children) expect(await child.line()).toBe('300 of 300');
    expect(value(await own).mailboxes).toMatchObject([{ messages: 300, indexed: 300 }]);
    const inbox = await openInbox(store);
    expect(await found(inbox, 'number')).toEqual({ hits: [...inbox.uids()], unindexed: [] });
    await Promise.all(children.map((child) => child.exited));
  });
});

it('a thread that cannot start is a failure of what needs it', async () => {
  const home = newHome();
  const text = textWorker({ program: pathToFileURL('/nowhere/text-worker.ts') });
  const store = await home.store({ text });
  expect(await store.buildTextIndex()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  await text.close();
});
