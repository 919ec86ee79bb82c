import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MIGRATIONS } from '../src/index/schema.ts';
import { INBOX, openMailStore } from '../src/index.ts';
import { parseInfo } from '../src/names/file-name.ts';
import { Child, errorOf, type Home, mail, newHome, openInbox, value } from './helpers.ts';
import { withDatabase } from './index-files.ts';

const UIDVALIDITY = 1_600_000_000;

/** A Maildir of three messages with the index that version 1 made of it, and rows of `more` that are long gone. */
function oldHome(more = 0): Home {
  const home = newHome();
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, part), { recursive: true });
  const names = ['1500000000.M1P1.host:2,S', '1500000001.M2P1.host:2,Fa', '1500000002.M3P1.host:2,'];
  for (const [at, file] of names.entries()) writeFileSync(join(home.maildir, 'cur', file), mail(`old-${at}`));
  writeFileSync(join(home.maildir, 'dovecot-keywords'), '0 work\n');
  writeFileSync(join(home.maildir, 'scorpiox-uidvalidity'), `${UIDVALIDITY}\n`);
  withDatabase(home.indexFile, (db) => {
    db.exec(`PRAGMA journal_mode = WAL; BEGIN; ${MIGRATIONS[0]}; PRAGMA user_version = 1`);
    db.prepare('INSERT INTO mailboxes VALUES (7, ?, ?, ?, ?, ?)').run('', UIDVALIDITY, more + 100, 40, '');
    const add = db.prepare('INSERT INTO messages VALUES (7, ?, ?, ?, 0, ?, ?, ?, 0, ?, ?, ?, ?)');
    const size = mail('old-0').length;
    const rows = [
      [11, 5, ':2,S', '', 1_500_000_000_000, size, size, 1],
      [13, 6, ':2,Fa', 'extra-keyword', 1_500_000_001_000, size, size, 0],
      [17, 7, ':2,', '', 1_500_000_002_000, size, size, 1],
    ] as const;
    for (const [at, [uid, modSeq, info, extra, ...sizes]] of rows.entries()) {
      const base = names[at]?.split(':')[0] ?? '';
      add.run(uid, modSeq, base, info, parseInfo(info).mask, extra, ...sizes);
    }
    for (let uid = 100; uid < 100 + more; uid += 1) add.run(uid, 8, `gone-${uid}`, ':2,', 0, '', uid, 1, 1, 1);
    db.exec('INSERT INTO expunged VALUES (7, 9, 12)');
    db.exec("INSERT INTO keywords VALUES (7, 0, 'work'), (7, 26, 'extra-keyword')");
    db.exec("INSERT INTO rendered VALUES (7, 11, 3, 'envelope', 'body', 'structure')");
    db.exec("INSERT INTO used_names VALUES ('.was', 1600000005)");
    db.exec('COMMIT');
  });
  return home;
}

test('an index of version 1 comes to the newest with all that it holds', async () => {
  const home = oldHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  expect(inbox.uidValidity).toBe(UIDVALIDITY);
  expect(inbox.uidNext).toBe(100);
  expect([...inbox.uids()]).toEqual([11, 13, 17]);
  const flags = [...inbox.states()].map((state) => [...state.flags].sort());
  expect(flags).toEqual([['\\Seen'], ['\\Flagged', 'extra-keyword', 'work'], []]);
  expect(inbox.keywords()).toEqual(['work', 'extra-keyword']);
  const records = [];
  for await (const slice of inbox.records()) records.push(...slice);
  expect(records.map((record) => record.internalDate)).toEqual(
    [11, 13, 17].map((_, at) => 1_500_000_000_000 + at * 1000),
  );
  expect(records.map((record) => record.saveDate)).toEqual(records.map((record) => record.internalDate));
  expect(records.map((record) => record.size)).toEqual(records.map(() => mail('old-0').length));
  expect(inbox.mailboxId).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
  expect(inbox.rendered(records[0]?.uid ?? value(await store.append(INBOX, { content: mail('x') })).uid, 3)).toEqual({
    ...{ version: 3, envelope: 'envelope', body: 'body', bodyStructure: 'structure' },
  });
  expect(value(await store.append(INBOX, { content: mail('new') })).uid).toBe(100);
  withDatabase(home.indexFile, (db) => {
    expect(db.prepare('PRAGMA user_version').get()?.user_version).toBe(MIGRATIONS.length);
    expect(db.prepare('PRAGMA integrity_check').get()?.integrity_check).toBe('ok');
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    expect(db.prepare('SELECT * FROM expunged WHERE uid = 12').get()).toMatchObject({ mailbox: 7, modseq: 9 });
    expect(db.prepare('SELECT * FROM used_names').get()).toMatchObject({ folder: '.was', uidvalidity: 1_600_000_005 });
  });
});

test('a migrated index has the schema of a new one', async () => {
  const schema = (home: Home) =>
    withDatabase(home.indexFile, (db) =>
      db
        .prepare("SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
        .all()
        .map((row) => [row.name, db.prepare('SELECT name, type FROM pragma_table_info(?)').all(String(row.name))]),
    );
  const [old, fresh] = [oldHome(), newHome()];
  for (const home of [old, fresh]) await home.store();
  expect(schema(old)).toEqual(schema(fresh));
});

test('an index of a newer version is left alone, and the sentence says why', async () => {
  const home = oldHome();
  withDatabase(home.indexFile, (db) => db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`));
  const error = errorOf(await openMailStore(home));
  expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('newer version') });
  withDatabase(home.indexFile, (db) => {
    expect(db.prepare('SELECT count(*) AS rows FROM messages').get()?.rows).toBe(3);
  });
  expect(readdirSync(dirname(home.indexFile)).filter((file) => file.includes('damaged'))).toEqual([]);
});

test('processes that migrate at once agree', async () => {
  const home = oldHome(20_000);
  const children = Array.from({ length: 4 }, () => new Child('opener.ts', [home.maildir, home.indexFile]));
  for (const child of children) expect(await child.line()).toBe('ready');
  for (const child of children) child.say('open');
  const seen = await Promise.all(children.map((child) => child.line()));
  expect(new Set(seen).size).toBe(1);
  expect(JSON.parse(seen[0] ?? '{}')).toMatchObject({ uidValidity: UIDVALIDITY, messages: 3 });
}, 60_000);

test('a process that is killed while it migrates leaves an index that the next one can migrate', async () => {
  for (let round = 0; round < 5; round += 1) {
    const home = oldHome(20_000);
    const child = new Child('opener.ts', [home.maildir, home.indexFile]);
    expect(await child.line()).toBe('ready');
    child.say('open');
    await pause(Math.random() * 150); // anywhere: whatever it had done by then must do
    await child.kill();
    const version = withDatabase(home.indexFile, (db) => {
      expect(db.prepare('PRAGMA integrity_check').get()?.integrity_check).toBe('ok');
      return Number(db.prepare('PRAGMA user_version').get()?.user_version);
    });
    expect([1, MIGRATIONS.length]).toContain(version);
    const store = await home.store();
    expect(value(await store.status(INBOX))).toMatchObject({ uidValidity: UIDVALIDITY, messages: 3 });
  }
}, 120_000);

test('an older program that still runs writes nothing into an index that a newer one has migrated, and says so', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  value(await store.append(INBOX, { content: mail('before') }));
  withDatabase(home.indexFile, (db) => db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`));
  expect(errorOf(await store.append(INBOX, { content: mail('refused') })).code).toBe('index-replaced');
  expect(['new', 'cur'].flatMap((part) => readdirSync(join(home.maildir, part)))).toHaveLength(1);
  expect(errorOf(await inbox.refresh()).code).toBe('index-replaced');
  const again = await openMailStore({ maildir: home.maildir, indexFile: home.indexFile });
  expect(errorOf(again).message).toMatch(/newer version/);
});
